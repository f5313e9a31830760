namespace Orchard.Hub.Files;

/// <summary>
/// The model architectures of the llama.cpp release in the engine, from <c>architectures.txt</c>. A test of the engine compares the file
/// with the library and prints what it should be.
/// </summary>
internal static class Architectures
{
    private static readonly Lazy<HashSet<string>> Names = new(Read);

    /// <summary>Whether the engine can load models of an architecture.</summary>
    public static bool Contains(string architecture) => Names.Value.Contains(architecture);

    private static HashSet<string> Read()
    {
        using Stream stream = typeof(Architectures).Assembly.GetManifestResourceStream("architectures.txt")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }
}

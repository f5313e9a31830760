namespace Orchard.Engine.Native;

/// <summary>The library files of one folder, in the order in which they depend on each other.</summary>
/// <remarks>File names carry a version and, on some platforms, a back end: <c>libllama.metal.v0.4.0.dylib</c>, <c>llama.v0.4.0.dll</c>.</remarks>
internal sealed record NativeFiles(string GgmlBase, string Ggml, string Llama)
{
    /// <summary>Names a folder with the libraries; without it they are looked for in <c>native/</c> beside the engine.</summary>
    public const string PathVariable = "ORCHARD_NATIVE_PATH";

    /// <summary>The folder to load from on this machine, which may not exist.</summary>
    public static string DefaultFolder =>
        Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } folder
            ? Path.GetFullPath(folder)
            : Path.Combine(AppContext.BaseDirectory, "native");

    /// <exception cref="NativeLibraryException">The folder or one of the libraries is missing.</exception>
    public static NativeFiles Find(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new NativeLibraryException(
                $"The llama.cpp libraries were not found: there is no folder '{folder}'. "
                + $"Install the engine completely, or set {PathVariable} to the folder that holds them.");
        }

        string[] files = Directory.GetFiles(folder);
        Array.Sort(files, StringComparer.Ordinal);
        return new NativeFiles(Find("ggml-base."), Find("ggml."), Find("llama."));

        string Find(string start)
        {
            return files.FirstOrDefault(file => IsLibrary(Path.GetFileName(file), start))
                ?? throw new NativeLibraryException(
                    $"The folder '{folder}' has no llama.cpp library whose name starts with '{start}' or 'lib{start}'. "
                    + $"Install the engine completely, or set {PathVariable} to the folder that holds it.");
        }
    }

    private static bool IsLibrary(string name, string start)
    {
        string bare = name.StartsWith("lib", StringComparison.Ordinal) ? name[3..] : name;
        return bare.StartsWith(start, StringComparison.OrdinalIgnoreCase)
            && (name.EndsWith(".so", StringComparison.Ordinal)
                || name.EndsWith(".dylib", StringComparison.Ordinal)
                || name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase));
    }
}

using Orchard.Protocol;

namespace Orchard.Engine.Native;

/// <summary>The library files in a folder, in the order of their dependencies.</summary>
/// <remarks>
/// File names contain a version and, on some platforms, a backend: <c>libllama.metal.v0.4.0.dylib</c>, <c>llama.v0.4.0.dll</c>.
/// </remarks>
internal sealed record NativeFiles(string GgmlBase, string Ggml, string Llama)
{
    /// <summary>Environment variable with the folder of the libraries (default: <c>native/</c> in the folder of the engine).</summary>
    public const string PathVariable = "ORCHARD_NATIVE_PATH";

    /// <summary>The folder to load from, which may not exist.</summary>
    /// <exception cref="InvalidSettingException">The variable is not an absolute path.</exception>
    public static string DefaultFolder =>
        Setting.OfVariable(PathVariable).AbsolutePath() ?? Path.Combine(AppContext.BaseDirectory, "native");

    /// <summary>Whether the user has named the folder.</summary>
    public static bool IsGiven => Setting.OfVariable(PathVariable).Text is not null;

    /// <summary>Finds the library files in a folder.</summary>
    /// <exception cref="NativeLibraryException">The folder or one of the libraries is missing.</exception>
    public static NativeFiles Find(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new NativeLibraryException(
                $"The llama.cpp libraries were not found: the folder '{folder}' does not exist. "
                + $"Reinstall the engine, or set {PathVariable} to the folder that contains them.");
        }

        string[] files = Directory.GetFiles(folder);
        Array.Sort(files, StringComparer.Ordinal);
        return new NativeFiles(Find("ggml-base."), Find("ggml."), Find("llama."));

        string Find(string start)
        {
            return files.FirstOrDefault(file => IsLibrary(Path.GetFileName(file), start))
                ?? throw new NativeLibraryException(
                    $"The folder '{folder}' has no llama.cpp library whose name starts with '{start}' or 'lib{start}'. "
                    + $"Reinstall the engine, or set {PathVariable} to the folder that contains it.");
        }
    }

    /// <summary>Whether a file name is that of a library, with a given start after <c>lib</c>.</summary>
    internal static bool IsLibrary(string name, string start)
    {
        string bare = name.StartsWith("lib", StringComparison.Ordinal) ? name[3..] : name;
        return bare.StartsWith(start, StringComparison.OrdinalIgnoreCase)
            && (name.EndsWith(".so", StringComparison.Ordinal)
                || name.EndsWith(".dylib", StringComparison.Ordinal)
                || name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase));
    }
}

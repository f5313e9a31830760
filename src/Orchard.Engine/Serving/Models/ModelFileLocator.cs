using Orchard.Engine.Inference.Gguf;

namespace Orchard.Engine.Serving.Models;

/// <summary>Finds model files.</summary>
internal static class ModelFileLocator
{
    private const int NamesShown = 5;

    /// <summary>
    /// Returns the absolute path of the model file at <paramref name="path"/>: the file itself, or the only model in the folder, beside
    /// which there can be projectors, adapters and its other parts.
    /// </summary>
    /// <exception cref="FileNotFoundException">The file does not exist, or the folder does not contain exactly one model.</exception>
    /// <exception cref="ArgumentException">The path is empty or relative.</exception>
    public static string Locate(string? path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new ArgumentException(
                "model_path is missing; specify the absolute path of a .gguf file, or of a folder that contains exactly one.");
        }

        if (!Path.IsPathFullyQualified(path))
        {
            throw new ArgumentException(
                $"model_path '{path}' is relative; specify an absolute path, since the engine has another working directory.");
        }

        if (File.Exists(path))
        {
            return Path.GetFullPath(path);
        }

        if (!Directory.Exists(path))
        {
            throw new FileNotFoundException($"There is no model at '{path}': no such file or folder.");
        }

        string[] files = Directory.GetFiles(path, "*.gguf", new EnumerationOptions { MatchCasing = MatchCasing.CaseInsensitive });
        string[] models = [.. files.Where(GgufHeader.IsStartOfModel)];
        return (models, files) switch
        {
            ([var only], _) => Path.GetFullPath(only),
            (_, [var only]) => Path.GetFullPath(only), // what is wrong with it is said when it is loaded
            (_, []) => throw new FileNotFoundException(
                $"The folder '{path}' contains no .gguf file. Specify a folder with one .gguf file; convert other formats first."),
            ([], _) => throw new FileNotFoundException(
                $"None of the {files.Length} .gguf files in the folder '{path}' ({Names(files)}) is a model; specify one with a model."),
            _ => throw new FileNotFoundException(
                $"The folder '{path}' contains {models.Length} models ({Names(models)}); specify one of them."),
        };
    }

    /// <summary>Returns the default id of a model file: its name without the extension.</summary>
    public static string IdOf(string file) => Path.GetFileNameWithoutExtension(file);

    /// <summary>
    /// Returns whether two paths name one file. Names in several folders can be links, as in the snapshots of a model cache.
    /// </summary>
    public static bool IsSameFile(string a, string b) => a == b || FinalPath(a) == FinalPath(b);

    private static string FinalPath(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return path;
        }
    }

    private static string Names(string[] files)
    {
        Array.Sort(files, StringComparer.Ordinal);
        string names = string.Join(", ", files.Take(NamesShown).Select(Path.GetFileName));
        return files.Length > NamesShown ? names + ", …" : names;
    }
}

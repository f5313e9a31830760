namespace Orchard.Engine.Serving.Models;

/// <summary>Finds the model file a client means.</summary>
internal static class ModelFileLocator
{
    private const int NamesShown = 5;

    /// <summary>The absolute path of the model file at <paramref name="path"/>: the file itself, or the only one in that folder.</summary>
    /// <exception cref="FileNotFoundException">There is no such file, or not exactly one in the folder.</exception>
    /// <exception cref="ArgumentException">The path is empty or relative.</exception>
    public static string Locate(string? path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new ArgumentException("model_path is missing; it must be the absolute path of a .gguf file, or of a folder with one inside.");
        }

        if (!Path.IsPathFullyQualified(path))
        {
            throw new ArgumentException($"model_path '{path}' is relative; it must be absolute, since the engine has a working directory of its own.");
        }

        if (File.Exists(path))
        {
            return Path.GetFullPath(path);
        }

        if (!Directory.Exists(path))
        {
            throw new FileNotFoundException($"There is no model at '{path}': no such file or folder.");
        }

        string[] files = Directory.GetFiles(path, "*.gguf");
        return files switch
        {
            [var only] => Path.GetFullPath(only),
            [] => throw new FileNotFoundException(
                $"The folder '{path}' holds no .gguf file. This engine runs GGUF models; convert the model, or name a folder with one .gguf file."),
            _ => throw new FileNotFoundException($"The folder '{path}' holds {files.Length} .gguf files ({Names(files)}); name one of them."),
        };
    }

    /// <summary>The id of a model that has none but its file: the file's name without the extension.</summary>
    public static string IdOf(string file) => Path.GetFileNameWithoutExtension(file);

    private static string Names(string[] files)
    {
        Array.Sort(files, StringComparer.Ordinal);
        string names = string.Join(", ", files.Take(NamesShown).Select(Path.GetFileName));
        return files.Length > NamesShown ? names + ", …" : names;
    }
}

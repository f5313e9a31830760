using Orchard.Protocol;

namespace Orchard.Models;

/// <summary>A model name that has been resolved to a file.</summary>
/// <param name="RequestedId">The model, as the caller named it.</param>
/// <param name="CanonicalId">Identity of the model: names that refer to the same file have the same identity.</param>
/// <param name="Path">Absolute path of the file, with symbolic links resolved.</param>
internal sealed record ResolvedModel(string RequestedId, string CanonicalId, string Path)
{
    /// <summary>Size of the file in bytes; null if the file no longer exists.</summary>
    public long? FileBytes => new FileInfo(Path) is { Exists: true } file ? file.Length : null;
}

/// <summary>Resolves the names of models to files. Uses the file system, not the engine.</summary>
/// <param name="baseDirectory">Directory of the models that are deployed with the application.</param>
internal sealed class ModelResolver(string baseDirectory)
{
    public const string StarterAlias = "starter";

    /// <summary>Compares canonical ids by the platform's rule for file names.</summary>
    public static StringComparer IdComparer { get; } =
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    /// <exception cref="ModelNotFoundException">The model is neither a known name nor an existing file.</exception>
    public ResolvedModel Resolve(string model)
    {
        string name = model.Trim();
        if (string.Equals(name, StarterAlias, StringComparison.OrdinalIgnoreCase))
        {
            return Starter(model);
        }

        string path = FullPath(model, name);
        if (File.Exists(path))
        {
            return Found(model, path);
        }

        return Directory.Exists(path) ? InDirectory(model, path) : throw NotFound(model, path);
    }

    private static string FullPath(string model, string name)
    {
        try
        {
            return UserPath.GetFullPath(name);
        }
        catch (NoHomeDirectoryException e)
        {
            throw new ModelNotFoundException(model, e.Message);
        }
    }

    private ResolvedModel Starter(string model)
    {
        string path = Path.Combine(baseDirectory, "models", "starter.gguf");
        return File.Exists(path)
            ? Found(model, path)
            : throw new ModelNotFoundException(
                model,
                $"The starter model is not at '{path}'. It comes with the package Orchard.StarterModel; "
                + "publish the application with its content files, or name a GGUF file by its path.");
    }

    private static ResolvedModel InDirectory(string model, string directory)
    {
        string[] files = Directory.GetFiles(directory, "*.gguf");
        return files switch
        {
            [string file] => Found(model, file),
            [] => throw new ModelNotFoundException(
                model, $"The folder '{directory}' holds no .gguf file. Name a GGUF model file by its path."),
            _ => throw new ModelNotFoundException(
                model,
                $"The folder '{directory}' holds {files.Length} .gguf files. Name the one you mean, for example '{files[0]}'."),
        };
    }

    private static ModelNotFoundException NotFound(string model, string path) =>
        new(
            model,
            Path.IsPathRooted(model) || model.AsSpan().ContainsAny('/', '\\') || model.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase)
                ? $"There is no model file at '{path}'. Check the path; it must name a GGUF file."
                : $"'{model}' is not a known model name; the only one is '{StarterAlias}'. "
                    + "For any other model, pass the path of its GGUF file.");

    private static ResolvedModel Found(string model, string path)
    {
        string real = RealPath.Of(path);
        return new ResolvedModel(model, real, real);
    }
}

using System.Diagnostics.CodeAnalysis;
using Orchard.Hub.Files;
using Orchard.Protocol;

namespace Orchard.Models;

/// <summary>Resolves the names of models to files. Uses the file system, not the engine and not the network.</summary>
/// <param name="baseDirectory">Directory of the models that are deployed with the application.</param>
/// <param name="hub">The models of the hub; null for none.</param>
[SuppressMessage("Performance", "CA1852", Justification = "The test kit derives from it.")]
internal class ModelResolver(string baseDirectory, IModelHub? hub = null)
{
    /// <summary>Compares canonical ids by the platform's rule for file names.</summary>
    public static StringComparer IdComparer { get; } =
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    /// <summary>The models of the hub; null for none.</summary>
    public IModelHub? Hub => hub;

    /// <summary>Returns the file of a model; null if it is a name of the hub and has to be downloaded first.</summary>
    /// <exception cref="ModelNotFoundException">The model is no known name, no existing file and no name of the hub.</exception>
    public virtual ResolvedModel? Resolve(string model)
    {
        string name = model.Trim();
        if (BundledModel.Find(name) is { } bundled)
        {
            return InApplication(model, bundled);
        }

        string path = FullPath(model, name);
        if (File.Exists(path))
        {
            return Found(model, path);
        }

        if (Directory.Exists(path))
        {
            return InDirectory(model, path);
        }

        return hub is not null && hub.IsName(name) ? hub.Find(name) : throw NotFound(model, path);
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

    private ResolvedModel InApplication(string model, BundledModel bundled)
    {
        string path = Path.Combine(baseDirectory, "models", bundled.FileName);
        return File.Exists(path)
            ? Found(model, path) with { Projector = ProjectorOf(bundled, path) }
            : throw new ModelNotFoundException(
                model,
                $"The model '{bundled.Alias}' is not at '{path}'. It comes with the package {bundled.Package}: reference the package and "
                + "publish the application with its content files, or name a GGUF file by its path.");
    }

    // Several bundled models can be in one folder, with the projector of one of them.
    private static string ProjectorOf(BundledModel bundled, string path) =>
        bundled.Projector is { } file ? Path.Combine(Path.GetDirectoryName(path)!, file) : ModelOptions.NoProjector;

    private static ResolvedModel InDirectory(string model, string directory)
    {
        // One model may consist of several files, and have a projector beside it.
        IReadOnlyList<FileGroup> models = FileGroup.From(FilesIn(directory).Select(static file => new HubFile(file.Name, 0, null)));
        return models switch
        {
            [{ Missing: [] } only] => Found(model, Path.Combine(directory, only.Path)),
            [FileGroup only] => throw new ModelNotFoundException(
                model,
                $"The model in the folder '{directory}' is incomplete: it has no file '{only.Missing[0]}'. "
                + $"Download all {only.Missing.Count + only.Files.Count} parts."),
            [] => throw new ModelNotFoundException(
                model, $"The folder '{directory}' holds no GGUF model file. Name a GGUF model file by its path."),
            _ => throw new ModelNotFoundException(
                model,
                $"The folder '{directory}' holds {models.Count} models. "
                + $"Name the one you mean, for example '{Path.Combine(directory, models[0].Path)}'."),
        };
    }

    private ModelNotFoundException NotFound(string model, string path)
    {
        bool isPath = Path.IsPathRooted(model)
            || model.AsSpan().ContainsAny('/', '\\')
            || model.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase);
        IReadOnlyList<string> nearest = isPath ? FilesBeside(model, path) : NearestNames.Find(model, KnownNames());
        string message = isPath
            ? $"There is no model file at '{path}'. Check the path; it must name a GGUF file."
            : $"'{model}' is not a known model name. Pass '{BundledModel.Starter.Alias}', the path of a GGUF file, "
                + "or a repository of the hub such as 'owner/repository:tag'.";
        return new ModelNotFoundException(
            model, message + (nearest.Count == 0 ? "" : $" Similar names: {string.Join(", ", nearest)}."), nearest);
    }

    private IEnumerable<string> KnownNames() =>
        (hub?.List() ?? []).Select(stored => stored.Name).Concat(BundledModel.All.Select(bundled => bundled.Alias));

    private static IReadOnlyList<string> FilesBeside(string model, string path)
    {
        string? folder = Path.GetDirectoryName(path);
        string prefix = model[..(model.LastIndexOfAny(['/', '\\']) + 1)];
        IEnumerable<string> names = Directory.Exists(folder) ? FilesIn(folder).Select(file => file.Name) : [];
        return [.. NearestNames.Find(Path.GetFileName(path), names).Select(name => prefix + name)];
    }

    private static IEnumerable<FileInfo> FilesIn(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles("*.gguf", new EnumerationOptions { MatchCasing = MatchCasing.CaseInsensitive });

    private static ResolvedModel Found(string model, string path) => new(model, RealPath.Of(path), RealPath.ToOpen(path));
}

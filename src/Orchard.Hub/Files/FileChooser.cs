using Orchard.Hub.Errors;

namespace Orchard.Hub.Files;

/// <summary>Chooses the files of a model by the tag of a name. The choice depends on nothing but the list of files.</summary>
internal static class FileChooser
{
    private const int NamesShown = 20;
    private const int MissingShown = 5;

    /// <summary>Returns the model that a name means.</summary>
    /// <param name="name">The name, for messages and for its tag.</param>
    /// <param name="files">All files of the repository.</param>
    /// <exception cref="HubException">There is no such model, there are several, or parts of it are missing.</exception>
    public static FileGroup Choose(HubName name, IEnumerable<HubFile> files)
    {
        IReadOnlyList<FileGroup> groups = FileGroup.From(files);
        if (groups.Count == 0)
        {
            throw new HubException(HubErrorKind.NotFound, $"The repository '{name.Repository}' has no GGUF model files.");
        }

        FileGroup[] found = name.Tag is { } tag ? Find(groups, tag) : FindDefault(groups);
        return found switch
        {
            [] => throw NotFound(name, groups),
            [{ Missing: { Count: > 0 } missing }] => throw Incomplete(name, found[0], missing),
            [FileGroup only] => only,
            _ => throw Ambiguous(name, found),
        };
    }

    /// <summary>Returns the vision projector that belongs to a model; null if the repository has none for it.</summary>
    public static HubFile? FindProjector(FileGroup model, IEnumerable<HubFile> files)
    {
        double bits = Quantizations.Bits(model.Tag) ?? 0;
        return (from file in files
                let name = GgufFileName.TryParse(file.Path)
                where name is { IsProjector: true } && IsSameOrParent(name.Folder, model.Folder)
                orderby name.Folder.Length descending,
                    name.Tag == model.Tag descending,
                    Quantizations.Distance(name.Tag, bits),
                    name.Tag == "F16" descending,
                    name.Path
                select file).FirstOrDefault();
    }

    private static FileGroup[] Find(IReadOnlyList<FileGroup> groups, string tag)
    {
        bool Same(string? text) => string.Equals(text, tag, StringComparison.OrdinalIgnoreCase);
        Func<FileGroup, bool>[] rules =
        [
            group => Same(group.FileTag),
            group => Same(group.FolderName),
            group => Same(group.FileTag is null ? group.Tag : null),
            group => group.Files.Any(file => Same(file.Path) || Same(file.Path[(file.Path.LastIndexOf('/') + 1)..])) || Same(group.Stem),
            group => Same(group.Folder),
            group => group.FileTag is { } own && Same(own.StartsWith("UD-", StringComparison.Ordinal) ? own[3..] : null),
        ];
        return rules.Select(rule => Shallowest([.. groups.Where(rule)])).FirstOrDefault(found => found.Length > 0) ?? [];
    }

    private static FileGroup[] FindDefault(IReadOnlyList<FileGroup> groups)
    {
        FileGroup best = groups
            .OrderBy(group => Quantizations.Rank(group.Tag))
            .ThenBy(group => group.Depth)
            .ThenBy(group => group.Bytes)
            .First();
        return Shallowest([.. groups.Where(group => group.Tag == best.Tag)]);
    }

    private static FileGroup[] Shallowest(FileGroup[] groups)
    {
        int depth = groups.Length == 0 ? 0 : groups.Min(group => group.Depth);
        return [.. groups.Where(group => group.Depth == depth)];
    }

    private static bool IsSameOrParent(string folder, string child) =>
        folder.Length == 0 || child == folder || child.StartsWith(folder + "/", StringComparison.Ordinal);

    private static HubException NotFound(HubName name, IReadOnlyList<FileGroup> groups) =>
        new(HubErrorKind.NotFound, $"The repository '{name.Repository}' has no model '{name.Tag}'. It has: {List(groups)}.")
        {
            Suggestions = [.. groups.Select(group => $"{name.Repository}:{group.Tag ?? group.Path}").Distinct()],
        };

    private static HubException Ambiguous(HubName name, FileGroup[] found) =>
        new(
            HubErrorKind.NotFound,
            $"'{name}' fits {found.Length} models of the repository: {List(found)}. "
            + $"Name the file, for example '{name.Repository}:{found[0].Path}'.")
        {
            Suggestions = [.. found.Select(group => $"{name.Repository}:{group.Path}")],
        };

    private static HubException Incomplete(HubName name, FileGroup group, IReadOnlyList<string> missing) =>
        new(
            HubErrorKind.NotFound,
            $"The model '{name}' is incomplete: {missing.Count} of its {missing.Count + group.Files.Count} parts are missing: "
            + string.Join(", ", missing.Take(MissingShown)) + (missing.Count > MissingShown ? ", …" : "") + ".");

    private static string List(IReadOnlyList<FileGroup> groups) =>
        string.Join(", ", groups.Take(NamesShown)) + (groups.Count > NamesShown ? $" and {groups.Count - NamesShown} more" : "");
}

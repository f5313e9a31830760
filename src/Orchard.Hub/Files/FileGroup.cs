using Orchard.Hub.Errors;

namespace Orchard.Hub.Files;

/// <summary>One model of a repository: a file, or all parts of a split model.</summary>
internal sealed class FileGroup
{
    private readonly GgufFileName _name;

    private FileGroup(GgufFileName name, IReadOnlyList<HubFile> files, IReadOnlyList<string> missing)
    {
        _name = name;
        Files = files;
        Missing = missing;
        Bytes = files.Sum(file => file.Size);
    }

    /// <summary>The files in the order of the parts.</summary>
    public IReadOnlyList<HubFile> Files { get; }

    /// <summary>Paths of the parts that the repository lacks.</summary>
    public IReadOnlyList<string> Missing { get; }

    public long Bytes { get; }

    /// <summary>Path of the file to open: the first part of a split model.</summary>
    public string Path => Files[0].Path;

    /// <summary>Quantization according to the names; null if they have none.</summary>
    public string? Tag => _name.Tag;

    public string? FileTag => _name.FileTag;

    public string FolderName => _name.Folder[(_name.Folder.LastIndexOf('/') + 1)..];

    public string Folder => _name.Folder;

    public string Stem => _name.Stem;

    public bool IsAdapter => _name.IsAdapter;

    public int Depth => _name.Folder.Length == 0 ? 0 : _name.Folder.Count(c => c == '/') + 1;

    public override string ToString() => $"{Path} ({ByteSize.Format(Bytes)})";

    /// <summary>Groups the GGUF models of a repository, without the files that only accompany a model.</summary>
    public static IReadOnlyList<FileGroup> From(IEnumerable<HubFile> files)
    {
        IEnumerable<(GgufFileName Name, HubFile File)> candidates =
            from file in files
            let name = GgufFileName.TryParse(file.Path)
            where name is { IsSidecar: false }
            select (name, file);
        FileGroup[] groups =
        [
            .. from candidate in candidates
               group candidate by candidate.Name.PartCount == 0
                   ? (candidate.Name.Path, 0)
                   : (candidate.Name.PathOfPart(1), candidate.Name.PartCount)
               into parts
               let first = Create([.. parts.OrderBy(part => part.Name.Part)])
               orderby first.Path
               select first,
        ];
        FileGroup[] models = [.. groups.Where(group => !group.IsAdapter)];
        return models.Length == 0 ? groups : models;
    }

    private static FileGroup Create((GgufFileName Name, HubFile File)[] parts)
    {
        GgufFileName first = parts[0].Name;
        HashSet<int> present = [.. parts.Select(part => part.Name.Part)];
        IEnumerable<string> missing = Enumerable.Range(1, first.PartCount).Where(part => !present.Contains(part)).Select(first.PathOfPart);
        return new FileGroup(first, [.. parts.Select(part => part.File)], [.. missing]);
    }
}

using Orchard.Architecture.Tests.Rules.Model;

namespace Orchard.Architecture.Tests.Rules;

/// <summary>The sizes of a project's files, in lines.</summary>
internal sealed record CodeSize
{
    /// <summary>The name of the project.</summary>
    public required string Project { get; init; }

    /// <summary>The number of files.</summary>
    public required int Files { get; init; }

    /// <summary>The lines of all files.</summary>
    public required int Lines { get; init; }

    /// <summary>The lines of the median file.</summary>
    public required int Median { get; init; }

    /// <summary>The lines that nine of ten files do not exceed.</summary>
    public required int Percentile90 { get; init; }

    /// <summary>The lines of the longest file.</summary>
    public required int Maximum { get; init; }

    /// <summary>The top-level folder with the most lines; empty for the project's root.</summary>
    public required string LargestFolder { get; init; }

    /// <summary>The lines of the largest folder.</summary>
    public required int LargestFolderLines { get; init; }

    /// <summary>Measures a project that has at least one file.</summary>
    public static CodeSize Of(CodeProject project)
    {
        int[] lines = [.. project.Files.Select(file => file.Lines.Count).Order()];
        (string folder, int folderLines) = project.Files
            .GroupBy(file => file.Folder.Split('/')[0])
            .Select(group => (group.Key, group.Sum(file => file.Lines.Count)))
            .MaxBy(group => group.Item2);
        return new CodeSize
        {
            Project = project.Name,
            Files = lines.Length,
            Lines = lines.Sum(),
            Median = lines[lines.Length / 2],
            Percentile90 = lines[Math.Min(lines.Length - 1, lines.Length * 9 / 10)],
            Maximum = lines[^1],
            LargestFolder = folder,
            LargestFolderLines = folderLines,
        };
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Project}: {Files} files, {Lines} lines; median {Median}, p90 {Percentile90}, maximum {Maximum}; "
        + $"largest folder {(LargestFolder.Length == 0 ? "(root)" : LargestFolder)} {LargestFolderLines}";
}

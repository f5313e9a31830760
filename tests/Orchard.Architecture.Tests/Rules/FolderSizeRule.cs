using Orchard.Architecture.Tests.Rules.Model;

namespace Orchard.Architecture.Tests.Rules;

/// <summary>No top-level folder of the project, counted with its subfolders, has more lines than the limit.</summary>
internal sealed class FolderSizeRule(string project, int limit) : IRule
{
    /// <inheritdoc/>
    public IReadOnlyList<Violation> Check(CodeBase code) =>
    [
        .. from file in code.Files
           where file.Project == project
           group file.Lines.Count by file.Folder.Split('/')[0] into folder
           where folder.Sum() > limit
           select new Violation(project, folder.Key, $"{folder.Sum()} lines in {folder.Count()} files, allowed are {limit} lines"),
    ];
}

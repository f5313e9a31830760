using Orchard.Architecture.Tests.Rules.Model;

namespace Orchard.Architecture.Tests.Rules;

/// <summary>No file has more lines than the limit.</summary>
internal sealed class FileLengthRule(int limit) : IRule
{
    /// <inheritdoc/>
    public IReadOnlyList<Violation> Check(CodeBase code) =>
    [
        .. from file in code.Files
           where file.Lines.Count > limit
           select new Violation(file.Project, file.Path, $"{file.Lines.Count} lines, allowed are {limit}"),
    ];
}

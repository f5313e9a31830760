using Orchard.Architecture.Tests.Rules.Model;

namespace Orchard.Architecture.Tests.Rules;

/// <summary>No line is longer than the limit.</summary>
internal sealed class LineLengthRule(int limit) : IRule
{
    /// <inheritdoc/>
    public IReadOnlyList<Violation> Check(CodeBase code) =>
    [
        .. from file in code.Files
           from line in file.Lines.Index()
           where line.Item.Length > limit
           select new Violation(file.Project, $"{file.Path}:{line.Index + 1}", $"{line.Item.Length} columns, allowed are {limit}"),
    ];
}

using Microsoft.CodeAnalysis;
using Orchard.Architecture.Tests.Rules.Model;

namespace Orchard.Architecture.Tests.Rules;

/// <summary>Public exceptions of the project derive from one class, so that callers can catch them all with one clause.</summary>
/// <param name="project">The name of the project.</param>
/// <param name="root">The name of the common base class, with its namespace.</param>
internal sealed class ExceptionRootRule(string project, string root) : IRule
{
    /// <inheritdoc/>
    public IReadOnlyList<Violation> Check(CodeBase code) =>
    [
        .. from owner in code.Projects
           where owner.Name == project
           from type in owner.Types
           let bases = BaseNames(type.Symbol).ToList()
           where type.IsPublic && bases.Contains("System.Exception") && !bases.Contains(root)
           select new Violation(project, type.Files[0].Path, $"{type.Name} does not derive from {root}"),
    ];

    private static IEnumerable<string> BaseNames(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            yield return current.ToDisplayString();
        }
    }
}

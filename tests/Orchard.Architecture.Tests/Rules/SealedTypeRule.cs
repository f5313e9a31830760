using Microsoft.CodeAnalysis;
using Orchard.Architecture.Tests.Rules.Model;

namespace Orchard.Architecture.Tests.Rules;

/// <summary>
/// Public classes of the project are sealed, abstract or static, unless the project itself derives from them: no class can be inherited from
/// by accident.
/// </summary>
internal sealed class SealedTypeRule(string project) : IRule
{
    /// <inheritdoc/>
    public IReadOnlyList<Violation> Check(CodeBase code) =>
    [
        .. from owner in code.Projects
           where owner.Name == project
           from type in owner.Types
           from symbol in PublicTypes(type.Symbol)
           where symbol is { TypeKind: TypeKind.Class, IsSealed: false, IsAbstract: false, IsStatic: false }
           where !owner.Types.Any(other => SymbolEqualityComparer.Default.Equals(other.Symbol.BaseType, symbol))
           select new Violation(project, type.Files[0].Path, $"{symbol.Name} is neither sealed nor abstract"),
    ];

    private static IEnumerable<INamedTypeSymbol> PublicTypes(INamedTypeSymbol type) =>
        type.DeclaredAccessibility == Accessibility.Public ? [type, .. type.GetTypeMembers().SelectMany(PublicTypes)] : [];
}

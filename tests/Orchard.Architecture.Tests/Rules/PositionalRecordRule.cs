using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Orchard.Architecture.Tests.Rules.Model;

namespace Orchard.Architecture.Tests.Rules;

/// <summary>
/// No public record of the project has positional parameters: another one would break every caller that constructs or deconstructs it.
/// </summary>
internal sealed class PositionalRecordRule(string project) : IRule
{
    /// <inheritdoc/>
    public IReadOnlyList<Violation> Check(CodeBase code) =>
    [
        .. from owner in code.Projects
           where owner.Name == project
           from file in owner.Files
           let model = owner.Compilation.GetSemanticModel(file.Tree)
           from record in file.Tree.GetRoot().DescendantNodes().OfType<RecordDeclarationSyntax>()
           where record.ParameterList is not null && IsPublic(model.GetDeclaredSymbol(record))
           let line = record.Identifier.GetLocation().GetLineSpan().StartLinePosition.Line + 1
           select new Violation(project, $"{file.Path}:{line}", $"{record.Identifier.Text} is a public record with positional parameters"),
    ];

    private static bool IsPublic(INamedTypeSymbol? type) =>
        type is { DeclaredAccessibility: Accessibility.Public } && (type.ContainingType is null || IsPublic(type.ContainingType));
}

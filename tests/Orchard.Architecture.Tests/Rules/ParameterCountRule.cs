using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Orchard.Architecture.Tests.Rules.Model;

namespace Orchard.Architecture.Tests.Rules;

/// <summary>
/// No method, constructor, primary constructor, indexer, delegate, local function or lambda has more parameters than the limit. Native
/// functions are exempt, since their signatures are not ours to choose, and so are overrides, which count where they are declared first.
/// </summary>
internal sealed class ParameterCountRule(int limit) : IRule
{
    private static readonly string[] NativeAttributes = ["LibraryImport", "DllImport", "UnmanagedFunctionPointer", "UnmanagedCallersOnly"];

    /// <inheritdoc/>
    public IReadOnlyList<Violation> Check(CodeBase code) =>
    [
        .. from file in code.Files
           from list in file.Tree.GetRoot().DescendantNodes().OfType<BaseParameterListSyntax>()
           where list.Parameters.Count > limit && !IsExempt(list.Parent)
           let line = list.GetLocation().GetLineSpan().StartLinePosition.Line + 1
           let message = $"{Name(list.Parent)} has {list.Parameters.Count} parameters, allowed are {limit}"
           select new Violation(file.Project, $"{file.Path}:{line}", message),
    ];

    private static bool IsExempt(SyntaxNode? declaration)
    {
        (SyntaxTokenList modifiers, SyntaxList<AttributeListSyntax> attributes) = declaration switch
        {
            MemberDeclarationSyntax member => (member.Modifiers, member.AttributeLists),
            LocalFunctionStatementSyntax function => (function.Modifiers, function.AttributeLists),
            _ => default,
        };
        return modifiers.Any(SyntaxKind.ExternKeyword)
            || modifiers.Any(SyntaxKind.OverrideKeyword)
            || attributes.SelectMany(list => list.Attributes).Any(attribute => NativeAttributes.Contains(attribute.Name.ToString()));
    }

    private static string Name(SyntaxNode? declaration) => declaration switch
    {
        MethodDeclarationSyntax method => method.Identifier.Text,
        ConstructorDeclarationSyntax constructor => $"the constructor of {constructor.Identifier.Text}",
        TypeDeclarationSyntax type => $"the primary constructor of {type.Identifier.Text}",
        LocalFunctionStatementSyntax function => function.Identifier.Text,
        DelegateDeclarationSyntax @delegate => @delegate.Identifier.Text,
        IndexerDeclarationSyntax => "the indexer",
        _ => "the lambda",
    };
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Orchard.Architecture.Tests.Rules.Model;

/// <summary>
/// Finds the types that a file uses: by name, through a member, by an operator, an indexer, an implicit conversion or a target-typed
/// <c>new</c>. Using directives, documentation comments and <c>nameof</c> are not uses, and neither is <c>var</c>.
/// </summary>
internal sealed class TypeUseCollector : CSharpSyntaxWalker
{
    private readonly CodeBase _code;
    private readonly SourceFile _file;
    private readonly SemanticModel _model;
    private readonly Dictionary<(CodeType? User, CodeType Used), TypeUse> _uses = [];
    private CodeType? _user;

    private TypeUseCollector(CodeBase code, SourceFile file, SemanticModel model)
    {
        _code = code;
        _file = file;
        _model = model;
    }

    /// <summary>Returns the uses in one file.</summary>
    public static IReadOnlyCollection<TypeUse> Collect(CodeBase code, SourceFile file, SemanticModel model)
    {
        TypeUseCollector collector = new(code, file, model);
        collector.Visit(file.Tree.GetRoot());
        return collector._uses.Values;
    }

    /// <inheritdoc/>
    public override void Visit(SyntaxNode? node)
    {
        if (node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax && _user is null)
        {
            _user = _code.Find(_model.GetDeclaredSymbol(node) as INamedTypeSymbol);
            base.Visit(node);
            _user = null;
            return;
        }

        if (node is ExpressionSyntax expression)
        {
            AddMember(_model.GetConversion(expression).MethodSymbol, node);
        }

        base.Visit(node);
    }

    /// <inheritdoc/>
    public override void VisitUsingDirective(UsingDirectiveSyntax node)
    {
    }

    /// <inheritdoc/>
    public override void VisitNamespaceDeclaration(NamespaceDeclarationSyntax node) => VisitMembers(node);

    /// <inheritdoc/>
    public override void VisitFileScopedNamespaceDeclaration(FileScopedNamespaceDeclarationSyntax node) => VisitMembers(node);

    /// <inheritdoc/>
    public override void VisitInvocationExpression(InvocationExpressionSyntax node)
    {
        if (node.Expression is not IdentifierNameSyntax { Identifier.Text: "nameof" })
        {
            base.VisitInvocationExpression(node);
        }
    }

    /// <inheritdoc/>
    public override void VisitIdentifierName(IdentifierNameSyntax node)
    {
        if (!node.IsVar)
        {
            AddSymbol(node);
        }
    }

    /// <inheritdoc/>
    public override void VisitGenericName(GenericNameSyntax node)
    {
        AddSymbol(node);
        base.VisitGenericName(node);
    }

    /// <inheritdoc/>
    public override void VisitImplicitObjectCreationExpression(ImplicitObjectCreationExpressionSyntax node)
    {
        AddSymbol(node);
        base.VisitImplicitObjectCreationExpression(node);
    }

    /// <inheritdoc/>
    public override void VisitElementAccessExpression(ElementAccessExpressionSyntax node)
    {
        AddSymbol(node);
        base.VisitElementAccessExpression(node);
    }

    /// <inheritdoc/>
    public override void VisitBinaryExpression(BinaryExpressionSyntax node)
    {
        AddSymbol(node);
        base.VisitBinaryExpression(node);
    }

    private void VisitMembers(BaseNamespaceDeclarationSyntax node)
    {
        foreach (MemberDeclarationSyntax member in node.Members)
        {
            Visit(member);
        }
    }

    // Where the code does not compile, or a generator would have to run first, the compiler still names the candidates.
    private void AddSymbol(ExpressionSyntax node)
    {
        SymbolInfo info = _model.GetSymbolInfo(node);
        switch (info.Symbol ?? info.CandidateSymbols.FirstOrDefault())
        {
            case ITypeSymbol type:
                AddType(type, node);
                break;
            case { } member:
                AddMember(member, node);
                break;
        }
    }

    private void AddType(ITypeSymbol type, SyntaxNode node)
    {
        switch (type)
        {
            case IArrayTypeSymbol array:
                AddType(array.ElementType, node);
                break;
            case INamedTypeSymbol named:
                Add(named, node);
                foreach (ITypeSymbol argument in named.TypeArguments)
                {
                    AddType(argument, node);
                }

                break;
        }
    }

    private void AddMember(ISymbol? member, SyntaxNode node)
    {
        if (member is IMethodSymbol or IPropertySymbol or IFieldSymbol or IEventSymbol)
        {
            Add(member.ContainingType, node);
        }
    }

    private void Add(INamedTypeSymbol? type, SyntaxNode node)
    {
        if (_code.Find(type) is { } used && used != _user && !_uses.ContainsKey((_user, used)))
        {
            int line = node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
            _uses.Add((_user, used), new TypeUse(_file, _user, used, line));
        }
    }
}

using Microsoft.CodeAnalysis;

namespace Orchard.Architecture.Tests.Rules.Model;

/// <summary>A type declared directly in a namespace; its nested types count as part of it.</summary>
internal sealed class CodeType(string project, INamedTypeSymbol symbol, IReadOnlyList<SourceFile> files)
{
    /// <summary>The name of the project that declares the type.</summary>
    public string Project => project;

    /// <summary>The type's symbol in the compilation of its project.</summary>
    public INamedTypeSymbol Symbol => symbol;

    /// <summary>The files that declare the type: several for a partial type.</summary>
    public IReadOnlyList<SourceFile> Files => files;

    /// <summary>The name without namespace.</summary>
    public string Name => symbol.Name;

    /// <summary>The namespace; empty for the global one.</summary>
    public string Namespace => symbol.ContainingNamespace.IsGlobalNamespace ? "" : symbol.ContainingNamespace.ToDisplayString();

    /// <summary>Whether other assemblies can use the type without being friends.</summary>
    public bool IsPublic => symbol.DeclaredAccessibility == Accessibility.Public;

    /// <inheritdoc/>
    public override string ToString() => symbol.ToDisplayString();
}

using Microsoft.CodeAnalysis;

namespace Orchard.Architecture.Tests.Rules.Model;

/// <summary>The projects under examination, and which type uses which.</summary>
internal sealed class CodeBase
{
    private readonly Dictionary<string, CodeType> _types = [];

    /// <summary>Finds the uses of types in the given projects.</summary>
    public CodeBase(IReadOnlyList<CodeProject> projects)
    {
        Projects = projects;
        foreach (CodeType type in projects.SelectMany(project => project.Types))
        {
            _types.TryAdd(Key(type.Symbol), type);
        }

        Uses =
        [
            .. projects
                .SelectMany(project => project.Files.Select(file => (Project: project, File: file)))
                .AsParallel()
                .AsOrdered()
                .SelectMany(item => TypeUseCollector.Collect(this, item.File, item.Project.Compilation.GetSemanticModel(item.File.Tree))),
        ];
    }

    /// <summary>The projects, each after the projects it references.</summary>
    public IReadOnlyList<CodeProject> Projects { get; }

    /// <summary>Each use of one of the projects' types: one entry for each file, using type and used type.</summary>
    public IReadOnlyList<TypeUse> Uses { get; }

    /// <summary>The files of all projects.</summary>
    public IEnumerable<SourceFile> Files => Projects.SelectMany(project => project.Files);

    /// <summary>Returns the outermost type that contains the symbol, or null when the symbol is from another assembly.</summary>
    public CodeType? Find(INamedTypeSymbol? symbol)
    {
        while (symbol?.ContainingType is { } outer)
        {
            symbol = outer;
        }

        return symbol?.ContainingAssembly is null ? null : _types.GetValueOrDefault(Key(symbol.OriginalDefinition));
    }

    // Symbols of one type may differ between compilations, so types are found by name.
    private static string Key(INamedTypeSymbol symbol) =>
        $"{symbol.ContainingAssembly.Name}|{symbol.ContainingNamespace.ToDisplayString()}|{symbol.MetadataName}";
}

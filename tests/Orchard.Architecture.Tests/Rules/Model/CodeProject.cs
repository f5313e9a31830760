using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Orchard.Architecture.Tests.Rules.Model;

/// <summary>A project with its parsed files and the compilation that gives names their meaning.</summary>
internal sealed class CodeProject(ProjectDescription description, IReadOnlyList<SourceFile> files, CSharpCompilation compilation)
{
    /// <summary>The name of the project file, without its extension.</summary>
    public string Name => description.Name;

    /// <summary>What the project file says.</summary>
    public ProjectDescription Description => description;

    /// <summary>The source files, ordered by path.</summary>
    public IReadOnlyList<SourceFile> Files => files;

    /// <summary>The compilation of the files. Source generators are not run, so members that they would add are missing.</summary>
    public CSharpCompilation Compilation => compilation;

    /// <summary>The types declared directly in namespaces.</summary>
    public IReadOnlyList<CodeType> Types { get; } = TypesOf(description.Name, files, compilation);

    private static List<CodeType> TypesOf(string project, IReadOnlyList<SourceFile> files, CSharpCompilation compilation)
    {
        Dictionary<SyntaxTree, SourceFile> byTree = files.ToDictionary(file => file.Tree);
        List<CodeType> types = [];
        Collect(compilation.Assembly.GlobalNamespace);
        return types;

        void Collect(INamespaceSymbol @namespace)
        {
            foreach (INamedTypeSymbol symbol in @namespace.GetTypeMembers())
            {
                List<SourceFile> declaredIn =
                [
                    .. symbol.DeclaringSyntaxReferences
                        .Select(reference => byTree.GetValueOrDefault(reference.SyntaxTree))
                        .OfType<SourceFile>()
                        .Distinct(),
                ];
                if (declaredIn.Count > 0)
                {
                    types.Add(new CodeType(project, symbol, declaredIn));
                }
            }

            foreach (INamespaceSymbol inner in @namespace.GetNamespaceMembers())
            {
                Collect(inner);
            }
        }
    }
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Orchard.Architecture.Tests.Rules.Model;

/// <summary>Parses and binds the sources of projects. Nothing is compiled to assemblies.</summary>
internal static class CodeBaseBuilder
{
    private static readonly CSharpParseOptions Parse =
        new(LanguageVersion.Latest, DocumentationMode.None, preprocessorSymbols: ["NET", "DEBUG"]);

    private static readonly List<(string Name, MetadataReference Reference)> Libraries = LoadLibraries();

    /// <summary>Builds the model of the given projects, which may be described in any order.</summary>
    public static CodeBase Build(IReadOnlyList<ProjectDescription> descriptions)
    {
        // The projects are bound from their sources, also where this program references one of them.
        HashSet<string> assemblies = [.. descriptions.Select(description => description.AssemblyName)];
        List<MetadataReference> libraries =
            [.. Libraries.Where(library => !assemblies.Contains(library.Name)).Select(library => library.Reference)];
        Dictionary<string, ProjectDescription> byName = descriptions.ToDictionary(description => description.Name);
        Dictionary<string, CodeProject> built = [];
        List<CodeProject> ordered = [];
        foreach (ProjectDescription description in descriptions)
        {
            BuildOne(description);
        }

        return new CodeBase(ordered);

        void BuildOne(ProjectDescription description)
        {
            if (built.ContainsKey(description.Name))
            {
                return;
            }

            HashSet<string> seen = [];
            AddReferences(description, seen);
            foreach (string name in seen)
            {
                BuildOne(byName[name]);
            }

            CodeProject project = Bind(description, [.. libraries, .. seen.Select(name => built[name].Compilation.ToMetadataReference())]);
            built.Add(description.Name, project);
            ordered.Add(project);
        }

        // As in a build, a project also sees what its references reference.
        void AddReferences(ProjectDescription description, HashSet<string> seen)
        {
            foreach (ProjectLink link in description.References.Where(link => link.IsCompiled))
            {
                if (byName.TryGetValue(link.Name, out ProjectDescription? target) && target.Sources.Count > 0 && seen.Add(link.Name))
                {
                    AddReferences(target, seen);
                }
            }
        }
    }

    private static CodeProject Bind(ProjectDescription description, IReadOnlyList<MetadataReference> references)
    {
        List<SourceFile> files =
        [
            .. description.Sources
                .AsParallel()
                .AsOrdered()
                .Select(source => (source.Path, Tree: CSharpSyntaxTree.ParseText(source.Text, Parse, source.Path)))
                .Select(parsed => new SourceFile(description.Name, parsed.Path, parsed.Tree)),
        ];
        IEnumerable<string> generated =
        [
            .. description.GlobalUsings.Select(name => $"global using {name};"),
            .. description.Friends.Select(name => $"[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"{name}\")]"),
        ];
        OutputKind output = description.IsExecutable ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary;
        CSharpCompilation compilation = CSharpCompilation.Create(
            description.AssemblyName,
            [CSharpSyntaxTree.ParseText(string.Join('\n', generated), Parse), .. files.Select(file => file.Tree)],
            references,
            new CSharpCompilationOptions(output, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
        return new CodeProject(description, files, compilation);
    }

    // The framework and the packages that this program brings along.
    private static List<(string Name, MetadataReference Reference)> LoadLibraries() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => (Path.GetFileNameWithoutExtension(path), (MetadataReference)MetadataReference.CreateFromFile(path))),
    ];
}

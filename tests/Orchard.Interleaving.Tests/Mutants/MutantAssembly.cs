using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace Orchard.Interleaving.Mutants;

/// <summary>This project again, with one mutant in it: the same scenarios and the same explorer.</summary>
internal static class MutantAssembly
{
    // Written by the build, one path a line.
    private static readonly string[] Sources = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "sources.txt"));

    private static readonly System.Lazy<CSharpCompilation> Original = new(() => CSharpCompilation.Create(
        typeof(MutantAssembly).Assembly.GetName().Name,
        Sources.Select(path => Parse(path, File.ReadAllText(path))),
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileNameWithoutExtension(path) != typeof(MutantAssembly).Assembly.GetName().Name)
            .Select(path => MetadataReference.CreateFromFile(path)),
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, optimizationLevel: OptimizationLevel.Release)));

    /// <summary>Explores the mutant's scenario.</summary>
    /// <returns>How the first failure came about; null when there was none.</returns>
    public static string? Explore(Mutant mutant, int firstSeed, int schedules)
    {
        Assembly assembly = Compile(mutant);
        object scenario = Activator.CreateInstance(assembly.GetType($"{typeof(Scenario).Namespace}.Scenarios.{mutant.Scenario}", throwOnError: true)!)!;
        MethodInfo explore = assembly.GetType(typeof(Explorer).FullName!, throwOnError: true)!.GetMethod(nameof(Explorer.Explore))!;
        return (string?)explore.Invoke(null, [scenario, firstSeed, schedules]);
    }

    private static Assembly Compile(Mutant mutant)
    {
        CSharpCompilation compilation = Original.Value;
        string file = Path.Combine("src", "Orchard", mutant.File);
        SyntaxTree original = compilation.SyntaxTrees.Single(tree => tree.FilePath.EndsWith(Path.DirectorySeparatorChar + file, StringComparison.Ordinal));
        compilation = compilation.ReplaceSyntaxTree(original, Parse(original.FilePath, mutant.Apply(original.ToString())));
        using var image = new MemoryStream();
        EmitResult result = compilation.Emit(image);
        if (!result.Success)
        {
            throw new InvalidOperationException(
                $"The mutant '{mutant}' does not compile: {string.Join(Environment.NewLine, result.Diagnostics.Where(one => one.Severity == DiagnosticSeverity.Error))}");
        }

        image.Position = 0;
        return new AssemblyLoadContext(mutant.Name).LoadFromStream(image);
    }

    private static SyntaxTree Parse(string path, string text) =>
        CSharpSyntaxTree.ParseText(SourceText.From(text), CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest), path);
}

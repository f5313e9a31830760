using System.Reflection;
using Microsoft.CodeAnalysis;
using Orchard.Architecture.Tests.Rules;
using Orchard.Architecture.Tests.Rules.Model;

namespace Orchard.Architecture.Tests;

/// <summary>The rules, applied to the product code of this checkout.</summary>
public sealed class ArchitectureTests(ITestOutputHelper output)
{
    private static readonly Lazy<CodeBase> Code = new(() => RepositoryReader.Read(RepositoryRoot()));

    public static TheoryData<string> Rules => [.. HouseRules.All.Keys];

    [Theory]
    [MemberData(nameof(Rules))]
    public void ProductCode_KeepsTheRule(string rule)
    {
        IReadOnlyList<Violation> violations = HouseRules.All[rule].Check(Code.Value);

        Assert.True(violations.Count == 0, string.Join(Environment.NewLine, [$"{violations.Count} violations:", .. violations]));
    }

    [Fact]
    public void ProductCode_IsFoundAndItsTypesResolve()
    {
        string[] expected = ["Orchard", "Orchard.Engine", "Orchard.Extensions.AI", "Orchard.Protocol", "Orchard.Testing"];
        Assert.Empty(expected.Except(Code.Value.Files.Select(file => file.Project)));

        // CS0246, CS0234: a type or namespace is missing, so this project lacks one of the packages that the product references.
        IEnumerable<Diagnostic> missing = Code.Value.Projects
            .SelectMany(project => project.Compilation.GetDeclarationDiagnostics())
            .Where(diagnostic => diagnostic.Id is "CS0246" or "CS0234");
        Assert.Empty(missing);
    }

    [Fact]
    public void EveryProjectWithCode_HasLayers() =>
        Assert.Empty(Code.Value.Files.Select(file => file.Project).Distinct().Except(HouseLayers.All.Select(table => table.Project)));

    [Fact]
    public void ProductCode_SizeIsReported()
    {
        foreach (CodeProject project in Code.Value.Projects.Where(project => project.Files.Count > 0))
        {
            output.WriteLine(CodeSize.Of(project).ToString());
        }

        Assert.NotEmpty(Code.Value.Files);
    }

    private static string RepositoryRoot() => typeof(ArchitectureTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepositoryRoot").Value!;
}

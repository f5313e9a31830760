using System.Reflection;
using System.Text.RegularExpressions;

namespace Orchard.Architecture.Tests;

/// <summary>Every environment variable of the product is in the table of settings, and all are read in one way.</summary>
public sealed partial class EnvironmentVariableTests
{
    private static readonly string Root = typeof(EnvironmentVariableTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepositoryRoot").Value!;

    // Passed on to other programs that Orchard configures.
    private static readonly string[] OfOthers = ["ORCHARD_API_KEY"];

    [Fact]
    public void EveryVariable_IsInTheTableOfSettings()
    {
        string table = File.ReadAllText(Path.Combine(Root, "docs", "operations.md"));
        string[] names =
        [
            .. Sources().SelectMany(static file => Variable().Matches(File.ReadAllText(file))).Select(static match => match.Groups[1].Value).Distinct(),
        ];

        Assert.Contains("ORCHARD_CACHE_ROOT", names);
        Assert.DoesNotContain(names.Except(OfOthers), name => !table.Contains($"`{name}`", StringComparison.Ordinal));
    }

    // Elsewhere, variables are read whose names are other programs'.
    [Theory]
    [InlineData("Orchard")]
    [InlineData("Orchard.Engine")]
    [InlineData("Orchard.Protocol")]
    public void VariablesOfOrchard_AreReadAsSettings(string project)
    {
        string[] direct =
        [
            .. Sources(project)
                .Where(static file => DirectRead().IsMatch(File.ReadAllText(file)))
                .Select(file => Path.GetRelativePath(Root, file)),
        ];

        Assert.Empty(direct);
    }

    private static IEnumerable<string> Sources(string project = "") =>
        Directory.EnumerateFiles(Path.Combine(Root, "src", project), "*.cs", SearchOption.AllDirectories);

    [GeneratedRegex("\"(ORCHARD_[A-Z_]*[A-Z])\"")]
    private static partial Regex Variable();

    [GeneratedRegex(@"GetEnvironmentVariable\((""ORCHARD_|(EngineRoot|EngineVariables|EngineLocator|DecoderOverrides|NativeFiles)\.|PathVariable)")]
    private static partial Regex DirectRead();
}

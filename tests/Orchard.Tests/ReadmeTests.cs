using System.Text.RegularExpressions;

namespace Orchard.Tests;

public sealed partial class ReadmeTests
{
    /// <summary>The snippets project is compiled, so what stands in it word for word is known to compile.</summary>
    [Theory]
    [InlineData("README.md", "ReadmeSnippets.cs")]
    [InlineData("Orchard.Extensions.AI.md", "ExtensionsAISnippets.cs")]
    public void CSharpOfTheReadme_StandsInTheCompiledSnippets(string readme, string compiled)
    {
        string snippets = Unindent(ReadDocument(compiled));
        string[] blocks = [.. CSharpBlock().Matches(ReadDocument(readme)).Select(match => match.Groups[1].Value)];

        Assert.NotEmpty(blocks);
        Assert.All(blocks, block => Assert.Contains(Unindent(block), snippets, StringComparison.Ordinal));
    }

    [Fact]
    public void Readme_IsShort() => Assert.InRange(ReadDocument("README.md").Split('\n').Length, 1, 120);

    private static string ReadDocument(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", name));

    private static string Unindent(string code) => string.Join('\n', code.Split('\n').Select(line => line.Trim()));

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharpBlock();
}

using System.Text.RegularExpressions;

namespace Orchard.Tests;

public sealed partial class ReadmeTests
{
    /// <summary>The snippets project is compiled, so what stands in it word for word is known to compile.</summary>
    [Fact]
    public void CSharpOfTheReadme_StandsInTheCompiledSnippets()
    {
        string snippets = Unindent(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "ReadmeSnippets.cs")));
        string[] blocks = [.. CSharpBlock().Matches(Readme).Select(match => match.Groups[1].Value)];

        Assert.NotEmpty(blocks);
        Assert.All(blocks, block => Assert.Contains(Unindent(block), snippets, StringComparison.Ordinal));
    }

    [Fact]
    public void Readme_IsShort() => Assert.InRange(Readme.Split('\n').Length, 1, 120);

    private static string Readme => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "README.md"));

    private static string Unindent(string code) => string.Join('\n', code.Split('\n').Select(line => line.Trim()));

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharpBlock();
}

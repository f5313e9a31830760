using System.Text.RegularExpressions;

namespace Orchard.Tests;

public sealed partial class ReadmeTests
{
    /// <summary>The snippets project is compiled, so what stands in it word for word is known to compile.</summary>
    [Theory]
    [InlineData("README.md", "ReadmeSnippets.cs")]
    [InlineData("Orchard.Extensions.AI.md", "ExtensionsAISnippets.cs")]
    [InlineData("getting-started.md", "DocsSnippets.cs")]
    [InlineData("models.md", "DocsSnippets.cs")]
    [InlineData("tools-and-structured-output.md", "DocsSnippets.cs")]
    [InlineData("hosting.md", "DocsSnippets.cs")]
    [InlineData("remote.md", "RemoteSnippets.cs")]
    [InlineData("Orchard.Remote.md", "RemoteSnippets.cs")]
    public void CSharpOfTheReadme_StandsInTheCompiledSnippets(string readme, string compiled)
    {
        string snippets = Unindent(ReadDocument(compiled));
        string[] blocks = [.. CSharpBlock().Matches(ReadDocument(readme)).Select(match => match.Groups[1].Value)];

        Assert.NotEmpty(blocks);
        Assert.All(blocks, block => Assert.Contains(Unindent(block), snippets, StringComparison.Ordinal));
    }

    [Fact]
    public void Troubleshooting_NamesEveryException()
    {
        string page = ReadDocument("troubleshooting.md");

        Assert.All(
            typeof(Client).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(OrchardException))),
            type => Assert.Contains($"`{type.Name}`", page, StringComparison.Ordinal));
    }

    [Fact]
    public void Operations_NamesEverySetting()
    {
        string page = ReadDocument("operations.md");

        Assert.All(
            typeof(ClientOptions).GetProperties(),
            property => Assert.Contains($"`{nameof(ClientOptions)}.{property.Name}`", page, StringComparison.Ordinal));
        Assert.All(
            typeof(EngineOptions).GetProperties(System.Reflection.BindingFlags.DeclaredOnly | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Instance),
            property => Assert.Contains($"`{nameof(EngineOptions)}.{property.Name}`", page, StringComparison.Ordinal));
    }

    [Fact]
    public void Readme_IsShort() => Assert.InRange(ReadDocument("README.md").Split('\n').Length, 1, 120);

    private static string ReadDocument(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", name));

    private static string Unindent(string code) => string.Join('\n', code.Split('\n').Select(line => line.Trim()));

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharpBlock();
}

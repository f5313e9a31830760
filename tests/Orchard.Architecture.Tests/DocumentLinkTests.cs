using System.Reflection;
using System.Text.RegularExpressions;

namespace Orchard.Architecture.Tests;

public sealed partial class DocumentLinkTests
{
    private static readonly string Root = typeof(DocumentLinkTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepositoryRoot").Value!;

    [Fact]
    public void Links_OfEveryDocument_LeadToFiles()
    {
        string[] documents =
        [
            Path.Combine(Root, "README.md"),
            .. Directory.GetFiles(Path.Combine(Root, "docs"), "*.md"),
            .. Directory.GetFiles(Path.Combine(Root, "src"), "*.md", SearchOption.AllDirectories),
            .. Directory.GetFiles(Path.Combine(Root, "tools"), "*.md", SearchOption.AllDirectories),
        ];

        Assert.Empty(documents.SelectMany(BrokenLinks));
    }

    private static IEnumerable<string> BrokenLinks(string document) =>
        from Match match in Link().Matches(File.ReadAllText(document))
        let target = match.Groups[1].Value
        where !target.Contains("://", StringComparison.Ordinal)
        let path = Path.GetFullPath(target, Path.GetDirectoryName(document)!)
        where !Path.Exists(path)
        select $"{Path.GetRelativePath(Root, document)}: {target}";

    [GeneratedRegex(@"\]\(([^)#\s]+)[^)]*\)")]
    private static partial Regex Link();
}

using System.Text.RegularExpressions;

namespace Orchard.Server.Tests.Page;

/// <summary>Finds what the files of the page refer to.</summary>
internal static partial class PageReferences
{
    /// <summary>Returns the addresses of scripts, style sheets and images.</summary>
    public static IEnumerable<string> InHtml(string html) => Attribute().Matches(html).Select(match => match.Groups[1].Value);

    /// <summary>Returns the modules that a module imports.</summary>
    public static IEnumerable<string> InModule(string script) => Import().Matches(script).Select(match => match.Groups[1].Value);

    [GeneratedRegex("(?:src|href)=\"([^\"#]+)\"")]
    private static partial Regex Attribute();

    [GeneratedRegex("^import .* from \"\\./([^\"]+)\";", RegexOptions.Multiline)]
    private static partial Regex Import();
}

using System.Collections.Frozen;
using System.Reflection;

namespace Orchard.Server.Page;

/// <summary>The files of the page. Immutable; thread-safe.</summary>
internal static class PageAssets
{
    private const string Prefix = "page/";

    private static readonly FrozenDictionary<string, PageAsset> Files = Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal) && name != Prefix + "index.html")
        .ToFrozenDictionary(static name => name[Prefix.Length..], Read, StringComparer.Ordinal);

    /// <summary>The page.</summary>
    public static PageAsset Index { get; } = Read(Prefix + "index.html");

    /// <summary>Returns a file that the page refers to; null if there is none with the name.</summary>
    public static PageAsset? Find(string? name) => name is null ? null : Files.GetValueOrDefault(name);

    private static PageAsset Read(string resource)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The assembly has no resource '{resource}'.");
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return new PageAsset(TypeOf(resource), content);
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".js" => "text/javascript; charset=utf-8",
        _ => throw new InvalidOperationException($"The type of the file '{name}' is not known."),
    };
}

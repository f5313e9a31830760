using System.Globalization;
using System.Text;
using Microsoft.Extensions.AI;

namespace Orchard.Extensions.AI;

/// <summary>Writes contents of messages and of tool results as text that a model reads. Pure.</summary>
internal static class ContentText
{
    private static readonly string[] TextTypes = ["json", "xml", "yaml", "x-yaml", "javascript", "toml", "sql", "csv"];

    /// <summary>Returns the text of a content; null if it says nothing to a model, such as token counts.</summary>
    public static string? Of(AIContent content) => content switch
    {
        TextContent text => text.Text,
        ErrorContent error => $"Error: {error.Message}",
        DataContent data when IsText(data.MediaType) => Encoding.UTF8.GetString(data.Data.Span),
        DataContent data => Unseen(data.MediaType, data.Data.Length, data.Name),
        UriContent link => $"[{link.MediaType}: {link.Uri}]",
        HostedFileContent file => $"[file {file.Name ?? file.FileId}]",
        HostedVectorStoreContent store => $"[vector store {store.VectorStoreId}]",
        McpServerToolResultContent result => Join(result.Outputs ?? []),
        CodeInterpreterToolResultContent result => Join(result.Outputs ?? []),
        _ => null,
    };

    /// <summary>Returns the texts of contents, each on lines of its own.</summary>
    public static string Join(IEnumerable<AIContent> contents) =>
        string.Join('\n', contents.Select(Of).Where(text => !string.IsNullOrEmpty(text)));

    /// <summary>Returns a text instead of data that a model cannot see.</summary>
    public static string Unseen(string? mediaType, long bytes, string? name = null) => string.Create(
        CultureInfo.InvariantCulture,
        $"[{(string.IsNullOrEmpty(name) ? "" : $"{name}, ")}{mediaType ?? "binary data"}, {bytes} bytes, "
        + $"which cannot be shown to the model]");

    /// <summary>Returns whether data of a media type is text.</summary>
    public static bool IsText(string mediaType)
    {
        string type = mediaType.Split(';')[0].Trim();
        int slash = type.IndexOf('/', StringComparison.Ordinal);
        string subtype = type[(slash + 1)..];
        return type.StartsWith("text/", StringComparison.OrdinalIgnoreCase)
            || TextTypes.Any(known => subtype.Equals(known, StringComparison.OrdinalIgnoreCase)
                || subtype.EndsWith($"+{known}", StringComparison.OrdinalIgnoreCase));
    }
}

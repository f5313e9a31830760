using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;

namespace Orchard.Extensions.AI;

/// <summary>
/// Writes the results of tools as the text that a model reads: strings unchanged, contents and the envelopes of MCP as their texts,
/// anything else as JSON. Data that a model cannot see becomes a short note. Pure.
/// </summary>
internal static class ToolResultText
{
    private const string DataScheme = "data:";

    // A text of this many characters without white space that is base64 is data; no model reads it.
    private const int ShortestData = 1024;

    private static readonly JsonTypeInfo<JsonElement> ElementType = ForeignJson.Contract<JsonElement>();

    private static readonly JsonTypeInfo<AIContent> ContentType = ForeignJson.Contract<AIContent>();

    public static string Of(FunctionResultContent result) => result switch
    {
        { Result: null, Exception: { } error } => $"Error: {error.Message}",
        { Result: null } => "null",
        { Result: { } value } => Of(value),
    };

    /// <summary>Returns the contents that a result consists of; null if it is something else.</summary>
    public static IReadOnlyList<AIContent>? ContentsOf(object? value) => value switch
    {
        AIContent content => [content],
        IEnumerable<AIContent> contents => [.. contents],
        ChatMessage message => [.. message.Contents],
        JsonElement { ValueKind: JsonValueKind.String } json => ContentsOf(JsonStrings.Of(json)),
        JsonElement { ValueKind: JsonValueKind.Array or JsonValueKind.Object } json => TryReadContents(json),
        string text when TryReadData(text) is { } data => [data],
        _ => null,
    };

    private static string Of(object value) => value switch
    {
        string text => Of(text),
        AIContent content => ContentText.Of(content) ?? "",
        IEnumerable<AIContent> contents => ContentText.Join(contents),
        byte[] bytes => ContentText.Unseen(null, bytes.Length),
        ReadOnlyMemory<byte> bytes => ContentText.Unseen(null, bytes.Length),
        Exception error => $"Error: {error.Message}",
        ChatMessage message => ContentText.Join(message.Contents),
        ChatResponse response => string.Join('\n', response.Messages.Select(message => ContentText.Join(message.Contents))),
        JsonElement json => Of(json),
        _ => Of(ForeignJson.Of(value)),
    };

    private static string Of(string text) => DataNote(text) ?? text;

    private static string Of(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.String:
                return Of(JsonStrings.Of(json));
            case JsonValueKind.Undefined:
                return "null";
        }

        if (TryReadContents(json) is { } contents)
        {
            return ContentText.Join(contents);
        }

        if (McpResult.TryRead(json) is { } result)
        {
            string text = string.Join('\n', result.Parts.Select(part => part.Text ?? ToJson(part.Json)).Where(part => part.Length > 0));
            return result.IsError ? $"Error: {text}" : text;
        }

        return ToJson(json);
    }

    // Contents whose result has been stored as JSON and restored.
    private static List<AIContent>? TryReadContents(JsonElement json)
    {
        JsonElement[] items = json.ValueKind == JsonValueKind.Array ? [.. json.EnumerateArray()] : [json];
        if (items.Length == 0
            || !Array.TrueForAll(items, item => item.ValueKind == JsonValueKind.Object && item.TryGetProperty("$type", out _)))
        {
            return null;
        }

        try
        {
            return [.. items.Select(item => item.Deserialize(ContentType)!)];
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException or InvalidOperationException)
        {
            return null; // an object that happens to have this property
        }
    }

    /// <summary>Returns JSON as text, with notes in place of data.</summary>
    public static string ToJson(JsonElement json)
    {
        string text = JsonSerializer.Serialize(json, ElementType); // the raw text may be indented
        if (text.Length < ShortestData && !text.Contains(DataScheme, StringComparison.OrdinalIgnoreCase))
        {
            return text;
        }

        JsonNode? node = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = ForeignJson.Options.MaxDepth });
        return ReplaceData(node) ? node!.ToJsonString(ForeignJson.Options) : text;
    }

    // Returns whether there was any.
    private static bool ReplaceData(JsonNode? node)
    {
        bool isReplaced = false;
        if (node is JsonObject map)
        {
            foreach (string name in map.Select(pair => pair.Key).ToArray())
            {
                string? note = NoteOf(map[name]);
                isReplaced |= note is not null || ReplaceData(map[name]);
                map[name] = note ?? map[name];
            }
        }
        else if (node is JsonArray list)
        {
            for (int i = 0; i < list.Count; i++)
            {
                string? note = NoteOf(list[i]);
                isReplaced |= note is not null || ReplaceData(list[i]);
                list[i] = note ?? list[i];
            }
        }

        return isReplaced;
    }

    private static string? NoteOf(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String && value.TryGetValue(out string? text)
            ? DataNote(text) ?? Base64Note(text)
            : null;

    private static string? Base64Note(string text)
    {
        byte[] bytes = text.Length >= ShortestData && text.Length % 4 == 0 ? new byte[text.Length / 4 * 3] : [];
        return bytes.Length > 0 && !text.Any(char.IsWhiteSpace) && Convert.TryFromBase64String(text, bytes, out int length)
            ? ContentText.Unseen(null, length)
            : null;
    }

    private static string? DataNote(string text) => TryReadData(text) is { } data ? ContentText.Of(data) : null;

    // A data URI whose data is not text.
    private static DataContent? TryReadData(string text)
    {
        if (!text.StartsWith(DataScheme, StringComparison.OrdinalIgnoreCase) || !text.Contains(',', StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            var data = new DataContent(text);
            return ContentText.IsText(data.MediaType) ? null : data;
        }
        catch (Exception e) when (e is ArgumentException or UriFormatException or FormatException)
        {
            return null;
        }
    }
}

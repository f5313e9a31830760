using System.Text.Json;

namespace Orchard.Extensions.AI;

/// <summary>The result of a tool in the Model Context Protocol's envelope (<c>CallToolResult</c>).</summary>
/// <param name="Parts">What the model should read, in order.</param>
/// <param name="IsError">Whether the tool failed.</param>
internal sealed record McpResult(IReadOnlyList<McpResult.Part> Parts, bool IsError)
{
    private static readonly string[] Properties = ["content", "structuredContent", "isError", "_meta", "resultType", "task"];

    /// <summary>Reads an envelope; null if the JSON is none.</summary>
    public static McpResult? TryRead(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object
            || !json.TryGetProperty("content", out JsonElement content)
            || content.ValueKind != JsonValueKind.Array
            || json.EnumerateObject().Any(property => !Properties.Contains(property.Name)))
        {
            return null;
        }

        var parts = new List<Part>();
        bool hasStructure = json.TryGetProperty("structuredContent", out JsonElement structure)
            && structure.ValueKind is not JsonValueKind.Null;
        foreach (JsonElement block in content.EnumerateArray())
        {
            if (TextOf(block) is not { } text)
            {
                return null;
            }

            // Servers repeat the structured content as text, for clients that read only text.
            if (!hasStructure || !IsSame(text, structure))
            {
                parts.Add(new Part(text, default, MediaOf(block, text)));
            }
        }

        if (hasStructure)
        {
            parts.Add(new Part(null, structure));
        }

        bool isError = json.TryGetProperty("isError", out JsonElement failed) && failed.ValueKind == JsonValueKind.True;
        return parts.Count == 0 && !isError && !json.TryGetProperty("isError", out _) && !hasStructure && content.GetArrayLength() == 0
            ? null // an empty list of something else
            : new McpResult(parts, isError);
    }

    private static string? TextOf(JsonElement block) => TypeOf(block) switch
    {
        "text" => StringOf(block, "text"),
        "image" or "audio" => ContentText.Unseen(StringOf(block, "mimeType"), BytesOf(StringOf(block, "data"))),
        "resource_link" => $"[{StringOf(block, "mimeType") ?? "resource"}: {StringOf(block, "uri")}]",
        "resource" when block.TryGetProperty("resource", out JsonElement resource) && resource.ValueKind == JsonValueKind.Object =>
            StringOf(resource, "text") ?? ContentText.Unseen(
                StringOf(resource, "mimeType"), BytesOf(StringOf(resource, "blob")), StringOf(resource, "uri")),
        _ => null,
    };

    private static MediaPart? MediaOf(JsonElement block, string note)
    {
        if (TypeOf(block) is not ("image" or "audio")
            || StringOf(block, "data") is not { } base64
            || StringOf(block, "mimeType") is not { } type)
        {
            return null;
        }

        byte[] bytes = new byte[(base64.Length / 4 * 3) + 3];
        return Convert.TryFromBase64String(base64, bytes, out int length) && MediaMapping.IsMedia(type)
            ? type.StartsWith("audio", StringComparison.OrdinalIgnoreCase)
                ? new AudioPart(bytes.AsMemory(0, length), type) { AlternativeText = note }
                : new ImagePart(bytes.AsMemory(0, length), type) { AlternativeText = note }
            : null;
    }

    private static string? TypeOf(JsonElement block) => block.ValueKind == JsonValueKind.Object ? StringOf(block, "type") : null;

    private static string? StringOf(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? JsonStrings.Of(value) : null;

    private static long BytesOf(string? base64) => (base64?.TrimEnd('=').Length ?? 0) * 3L / 4;

    private static bool IsSame(string text, JsonElement structure)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(text);
            return JsonElement.DeepEquals(json.RootElement, structure);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>A part of the result: a text, or else JSON. An image or sound has a text too, for models that do not take it.</summary>
    internal readonly record struct Part(string? Text, JsonElement Json, MediaPart? Media = null);
}

using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Orchard.Engine.Output;

/// <summary>Strings to JSON and back.</summary>
internal static class JsonText
{
    /// <summary>A string as JSON, readable: only what must be escaped is.</summary>
    public static string Quote(string text) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";

    /// <summary>The text of a JSON string with its quotes; null when it is none.</summary>
    public static string? Unquote(string json)
    {
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
            return reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or EncoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Whether it is one JSON value.</summary>
    public static bool IsValue(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

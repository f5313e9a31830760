using System.Text;
using System.Text.Json;

namespace Orchard.Engine.Output;

/// <summary>JSON that a model wrote.</summary>
internal static class JsonText
{
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

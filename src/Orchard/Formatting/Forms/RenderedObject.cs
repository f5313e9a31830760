using System.Text.Json;

namespace Orchard.Formatting.Forms;

/// <summary>Finds a JSON object without nested objects in a rendered text. Pure.</summary>
internal static class RenderedObject
{
    /// <summary>Returns where a text has a JSON object, and whether it is written as a JSON string; null if it has none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="json">The object.</param>
    public static (int At, int Length, bool IsText)? Find(string text, string json)
    {
        using JsonDocument expected = JsonDocument.Parse(json);
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] is not ('{' or '"'))
            {
                continue;
            }

            int end = text[at] == '{' ? text.IndexOf('}', at) : EndOfString(text, at);
            if (end > at && IsEqual(text[at..(end + 1)], expected.RootElement) is { } isText)
            {
                return (at, end + 1 - at, isText);
            }
        }

        return null;
    }

    private static int EndOfString(string text, int at)
    {
        for (int i = at + 1; i < text.Length; i++)
        {
            if (text[i] == '"' && text[i - 1] != '\\')
            {
                return i;
            }
        }

        return -1;
    }

    // Whether it is the value, as an object or as text; null if it is neither.
    private static bool? IsEqual(string text, JsonElement expected)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind != JsonValueKind.String)
            {
                return JsonElement.DeepEquals(json.RootElement, expected) ? false : null;
            }

            using JsonDocument inner = JsonDocument.Parse(json.RootElement.GetString()!);
            return JsonElement.DeepEquals(inner.RootElement, expected) ? true : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}

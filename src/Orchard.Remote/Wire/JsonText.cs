using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Orchard.Remote.Wire;

/// <summary>Reads strings of JSON, also those with half a surrogate pair, which some servers split over two parts.</summary>
internal static class JsonText
{
    /// <summary>Returns the string that the reader is at; null for null.</summary>
    /// <exception cref="JsonException">The value is neither a string nor null.</exception>
    public static string? Read(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (json.TokenType != JsonTokenType.String)
        {
            throw new JsonException($"a string was expected instead of {json.TokenType}");
        }

        if (json.ValueIsEscaped && HasSurrogate(json.ValueSpan))
        {
            return Unescape(json.ValueSpan);
        }

        try
        {
            return json.GetString();
        }
        catch (InvalidOperationException) // bytes that are not UTF-8
        {
            return Encoding.UTF8.GetString(json.ValueSpan);
        }
    }

    private static bool HasSurrogate(ReadOnlySpan<byte> escaped) => escaped.IndexOf("\\uD"u8) >= 0 || escaped.IndexOf("\\ud"u8) >= 0;

    // The reader has checked the escapes.
    private static string Unescape(ReadOnlySpan<byte> escaped)
    {
        var text = new StringBuilder(escaped.Length);
        while (escaped.IndexOf((byte)'\\') is >= 0 and var slash)
        {
            text.Append(Encoding.UTF8.GetString(escaped[..slash]));
            byte kind = escaped[slash + 1];
            int length = kind == (byte)'u' ? 6 : 2;
            text.Append(kind switch
            {
                (byte)'u' => (char)ushort.Parse(
                    escaped.Slice(slash + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                (byte)'b' => '\b',
                (byte)'f' => '\f',
                (byte)'n' => '\n',
                (byte)'r' => '\r',
                (byte)'t' => '\t',
                _ => (char)kind,
            });
            escaped = escaped[(slash + length)..];
        }

        return text.Append(Encoding.UTF8.GetString(escaped)).ToString();
    }
}

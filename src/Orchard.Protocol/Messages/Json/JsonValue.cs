using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Orchard.Protocol.Messages.Json;

/// <summary>Reads values that JSON can express in several ways. Each method expects the reader at the value and leaves it there.</summary>
/// <exception cref="JsonException">The value is of another kind.</exception>
internal static class JsonValue
{
    /// <summary>Reads a string. The strings that occur in nearly every delta are not allocated again.</summary>
    public static string ReadString(ref Utf8JsonReader reader)
    {
        RequireString(ref reader);
        long length = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
        return length switch
        {
            0 => "",
            4 when reader.ValueTextEquals("stop"u8) => "stop",
            5 when reader.ValueTextEquals("DELTA"u8) => "DELTA",
            5 when reader.ValueTextEquals("error"u8) => "error",
            6 when reader.ValueTextEquals("length"u8) => "length",
            7 when reader.ValueTextEquals("message"u8) => "message",
            9 when reader.ValueTextEquals("reasoning"u8) => "reasoning",
            9 when reader.ValueTextEquals("arguments"u8) => "arguments",
            _ => reader.GetString()!,
        };
    }

    public static bool ReadBoolean(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw new JsonException($"{reader.TokenType} where true or false is expected"),
    };

    /// <summary>Reads the text of a string, or the raw JSON of any other value.</summary>
    /// <param name="reader">At the value.</param>
    /// <param name="json">All input of <paramref name="reader"/>.</param>
    public static string ReadText(ref Utf8JsonReader reader, in ReadOnlySequence<byte> json)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return ReadString(ref reader);
        }

        long start = reader.TokenStartIndex;
        reader.Skip();
        return Encoding.UTF8.GetString(json.Slice(start, reader.BytesConsumed - start));
    }

    /// <summary>Reads base64 text, or an array of numbers from 0 to 255.</summary>
    public static byte[] ReadBytes(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.TryGetBytesFromBase64(out byte[]? bytes) ? bytes : throw new JsonException("a string is not valid base64");
        }

        var array = new byte[CountEntries(reader)];
        for (int i = 0; i < array.Length; i++)
        {
            reader.Read();
            int value = WireNumber.ReadInt32(ref reader);
            array[i] = value is >= 0 and <= byte.MaxValue ? (byte)value : throw new JsonException($"the number {value} is not a byte");
        }

        reader.Read();
        return array;
    }

    public static int[] ReadTokens(ref Utf8JsonReader reader)
    {
        RequireArray(ref reader);
        if (!ReadEntry(ref reader))
        {
            return [];
        }

        int first = WireNumber.ReadInt32(ref reader);
        if (!ReadEntry(ref reader))
        {
            return [first]; // the usual case: one token per delta
        }

        List<int> tokens = [first];
        do
        {
            tokens.Add(WireNumber.ReadInt32(ref reader));
        }
        while (ReadEntry(ref reader));

        return [.. tokens];
    }

    public static void RequireString(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException($"{reader.TokenType} where a string is expected");
        }
    }

    public static void RequireArray(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException($"{reader.TokenType} where an array is expected");
        }
    }

    /// <param name="reader">At the value.</param>
    /// <param name="what">The object's meaning, for the exception.</param>
    public static void RequireObject(ref Utf8JsonReader reader, string what)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException($"{reader.TokenType} where {what} is expected");
        }
    }

    /// <summary>Advances to the next entry of an array. Returns false at the end of the array.</summary>
    public static bool ReadEntry(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType != JsonTokenType.EndArray;

    // Works on a copy of the reader, so that the caller can allocate the exact size before it reads the entries.
    private static int CountEntries(Utf8JsonReader reader)
    {
        RequireArray(ref reader);
        int count = 0;
        while (ReadEntry(ref reader))
        {
            reader.Skip();
            count++;
        }

        return count;
    }
}

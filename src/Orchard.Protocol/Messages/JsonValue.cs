using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Orchard.Protocol.Messages;

/// <summary>Reads values where JSON has several ways to write them. Every method takes the reader at the value and leaves it there.</summary>
/// <exception cref="JsonException">The value is of another kind.</exception>
internal static class JsonValue
{
    /// <summary>A string. The texts that come with nearly every delta cost no allocation.</summary>
    public static string ReadString(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException($"{reader.TokenType} where a string is expected");
        }

        long length = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
        return length switch
        {
            0 => "",
            4 when reader.ValueTextEquals("stop"u8) => FinishReasons.Stop,
            5 when reader.ValueTextEquals("DELTA"u8) => FinishReasons.Delta,
            5 when reader.ValueTextEquals("error"u8) => FinishReasons.Error,
            6 when reader.ValueTextEquals("length"u8) => FinishReasons.Length,
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

    /// <summary>A string's text, or the JSON of anything else.</summary>
    /// <param name="reader">At the value.</param>
    /// <param name="json">All that <paramref name="reader"/> reads.</param>
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

    /// <summary>Base64 text, or an array of numbers from 0 to 255.</summary>
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
            return [first]; // nearly always
        }

        List<int> tokens = [first];
        do
        {
            tokens.Add(WireNumber.ReadInt32(ref reader));
        }
        while (ReadEntry(ref reader));

        return [.. tokens];
    }

    public static void RequireArray(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException($"{reader.TokenType} where an array is expected");
        }
    }

    /// <summary>Goes on to the next entry of an array; false, and at its end, when there is none.</summary>
    public static bool ReadEntry(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType != JsonTokenType.EndArray;

    /// <summary>The entries of the array that <paramref name="reader"/> is at, on a copy of it: whoever allocates for them can do so once.</summary>
    public static int CountEntries(Utf8JsonReader reader)
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

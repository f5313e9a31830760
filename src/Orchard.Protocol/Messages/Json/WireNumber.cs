using System.Text.Json;

namespace Orchard.Protocol.Messages.Json;

/// <summary>Reads numbers in integer or floating-point notation. An integer must be whole and exactly representable in either.</summary>
/// <exception cref="JsonException">The value is not such a number.</exception>
internal static class WireNumber
{
    private const double LargestExact = 1L << 53;

    public static ulong ReadUInt64(ref Utf8JsonReader reader)
    {
        RequireNumber(ref reader);
        if (reader.TryGetUInt64(out ulong value))
        {
            return value;
        }

        double number = ReadWhole(ref reader);
        return number >= 0 ? (ulong)number : throw new JsonException("a number is negative where an id or a size is expected");
    }

    public static long ReadInt64(ref Utf8JsonReader reader)
    {
        RequireNumber(ref reader);
        return reader.TryGetInt64(out long value) ? value : (long)ReadWhole(ref reader);
    }

    public static int ReadInt32(ref Utf8JsonReader reader)
    {
        long value = ReadInt64(ref reader);
        return value is >= int.MinValue and <= int.MaxValue
            ? (int)value
            : throw new JsonException($"the number {value} does not fit 32 bits");
    }

    /// <summary>Reads an integer that must not be negative.</summary>
    public static int ReadCount(ref Utf8JsonReader reader)
    {
        int value = ReadInt32(ref reader);
        return value >= 0 ? value : throw new JsonException($"the number {value} is negative where a count is expected");
    }

    public static double ReadDouble(ref Utf8JsonReader reader)
    {
        RequireNumber(ref reader);
        return reader.TryGetDouble(out double value) && double.IsFinite(value)
            ? value
            : throw new JsonException("a number is too large for a double");
    }

    private static double ReadWhole(ref Utf8JsonReader reader)
    {
        double value = ReadDouble(ref reader);
        return value == Math.Truncate(value) && Math.Abs(value) <= LargestExact
            ? value
            : throw new JsonException("a number is not an exact integer where one is expected");
    }

    private static void RequireNumber(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.Number)
        {
            throw new JsonException($"{reader.TokenType} where a number is expected");
        }
    }
}

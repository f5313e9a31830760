using System.Text.Json;

namespace Orchard.Protocol.Messages;

/// <summary>Decodes <c>orchard.times</c> of a delta.</summary>
internal static class SequenceTimesReader
{
    /// <param name="reader">At the object.</param>
    /// <returns>Null when it says nothing that could be shown.</returns>
    public static SequenceTimes? Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException($"{reader.TokenType} where the times of a sequence are expected");
        }

        string? traceParent = null;
        long arrivedAt = 0;
        long queue = 0;
        long prefill = 0;
        long decode = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("traceparent"u8))
            {
                reader.Read();
                traceParent = reader.TokenType == JsonTokenType.Null ? null : JsonValue.ReadString(ref reader);
            }
            else if (reader.ValueTextEquals("arrived_us"u8))
            {
                arrivedAt = ReadTime(ref reader);
            }
            else if (reader.ValueTextEquals("queue_us"u8))
            {
                queue = ReadTime(ref reader);
            }
            else if (reader.ValueTextEquals("prefill_us"u8))
            {
                prefill = ReadTime(ref reader);
            }
            else if (reader.ValueTextEquals("decode_us"u8))
            {
                decode = ReadTime(ref reader);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return traceParent is null
            ? null
            : new SequenceTimes { TraceParent = traceParent, ArrivedAt = arrivedAt, Queue = queue, Prefill = prefill, Decode = decode };
    }

    private static long ReadTime(ref Utf8JsonReader reader)
    {
        reader.Read();
        long time = WireNumber.ReadInt64(ref reader);
        return time is >= 0 and <= SequenceTimes.Latest ? time : throw new JsonException($"the time {time} is out of range");
    }
}

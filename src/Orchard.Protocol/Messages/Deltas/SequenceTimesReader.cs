using System.Buffers;
using System.Text.Json;
using Orchard.Protocol.Messages.Json;

namespace Orchard.Protocol.Messages.Deltas;

/// <summary>Decodes <c>orchard.times</c> of a delta.</summary>
internal static class SequenceTimesReader
{
    private static readonly JsonObjectReader<Fields> Members = new(
        ("traceparent", static (ref reader, ref times, in _) => times.TraceParent = JsonValue.ReadString(ref reader)),
        ("arrived_us", static (ref reader, ref times, in _) => times.ArrivedAt = ReadTime(ref reader)),
        ("queue_us", static (ref reader, ref times, in _) => times.Queue = ReadTime(ref reader)),
        ("prefill_us", static (ref reader, ref times, in _) => times.Prefill = ReadTime(ref reader)),
        ("decode_us", static (ref reader, ref times, in _) => times.Decode = ReadTime(ref reader)));

    /// <summary>Reads the object at <paramref name="reader"/>. Returns null if it has no trace context.</summary>
    public static SequenceTimes? Read(ref Utf8JsonReader reader, in ReadOnlySequence<byte> json)
    {
        JsonValue.RequireObject(ref reader, "an object with the times of a sequence");
        var fields = default(Fields);
        Members.Read(ref reader, ref fields, json);
        return fields.TraceParent is null
            ? null
            : new SequenceTimes
            {
                TraceParent = fields.TraceParent,
                ArrivedAt = fields.ArrivedAt,
                Queue = fields.Queue,
                Prefill = fields.Prefill,
                Decode = fields.Decode,
            };
    }

    private static long ReadTime(ref Utf8JsonReader reader)
    {
        long time = WireNumber.ReadInt64(ref reader);
        return time is >= 0 and <= SequenceTimes.Latest ? time : throw new JsonException($"the time {time} is out of range");
    }

    private struct Fields
    {
        public string? TraceParent;
        public long ArrivedAt;
        public long Queue;
        public long Prefill;
        public long Decode;
    }
}

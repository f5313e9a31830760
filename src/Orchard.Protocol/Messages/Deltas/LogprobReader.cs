using System.Buffers;
using System.Text.Json;
using Orchard.Protocol.Messages.Json;

namespace Orchard.Protocol.Messages.Deltas;

/// <summary>Decodes both forms of log probabilities: <c>top_logprobs</c> of PIE and <c>orchard.logprobs</c>.</summary>
internal static class LogprobReader
{
    private static readonly JsonObjectReader<Entry> TopLogprob = new(
        ("token", static (ref reader, ref entry, in _) => entry.Text = JsonValue.ReadString(ref reader)),
        ("bytes", static (ref reader, ref entry, in _) => entry.Bytes = JsonValue.ReadBytes(ref reader)),
        ("logprob", static (ref reader, ref entry, in _) => entry.Logprob = WireNumber.ReadDouble(ref reader)),
        ("probability", static (ref reader, ref entry, in _) => entry.Probability = WireNumber.ReadDouble(ref reader)));

    private static readonly JsonObjectReader<Entry> Score = new(
        ("token", static (ref reader, ref entry, in _) => entry.Id = WireNumber.ReadInt32(ref reader)),
        ("bytes", static (ref reader, ref entry, in _) => entry.Bytes = JsonValue.ReadBytes(ref reader)),
        ("logprob", static (ref reader, ref entry, in _) => entry.Logprob = WireNumber.ReadDouble(ref reader)),
        ("top", ReadTop));

    /// <summary>Reads <c>top_logprobs</c>. Entries without a token or without a number are left out.</summary>
    public static TokenLogprob[] ReadTopLogprobs(ref Utf8JsonReader reader, in ReadOnlySequence<byte> json)
    {
        var logprobs = new List<TokenLogprob>();
        JsonValue.RequireArray(ref reader);
        while (JsonValue.ReadEntry(ref reader))
        {
            Entry entry = ReadEntry(ref reader, TopLogprob, json);
            if (entry.Text is { } token && (entry.Logprob ?? entry.Probability) is { } logprob)
            {
                logprobs.Add(new TokenLogprob(token, logprob, entry.Bytes));
            }
        }

        return [.. logprobs];
    }

    /// <summary>Reads <c>orchard.logprobs</c>.</summary>
    public static TokenScore[] ReadScores(ref Utf8JsonReader reader, in ReadOnlySequence<byte> json) =>
        ReadScores(ref reader, json, mayHaveTop: true);

    private static TokenScore[] ReadScores(ref Utf8JsonReader reader, in ReadOnlySequence<byte> json, bool mayHaveTop)
    {
        var scores = new List<TokenScore>();
        JsonValue.RequireArray(ref reader);
        while (JsonValue.ReadEntry(ref reader))
        {
            Entry entry = ReadEntry(ref reader, Score, json, mayHaveTop);
            scores.Add(new TokenScore(
                entry.Id ?? throw new JsonException("a log probability has no token"),
                entry.Logprob ?? throw new JsonException("a token has no log probability"),
                entry.Bytes ?? [],
                entry.Top ?? []));
        }

        return [.. scores];
    }

    // Entries of a top list have no top lists of their own, which bounds the recursion.
    private static void ReadTop(ref Utf8JsonReader reader, ref Entry entry, in ReadOnlySequence<byte> json)
    {
        if (entry.MayHaveTop)
        {
            entry.Top = ReadScores(ref reader, json, mayHaveTop: false);
        }
        else
        {
            reader.Skip();
        }
    }

    private static Entry ReadEntry(
        ref Utf8JsonReader reader, JsonObjectReader<Entry> members, in ReadOnlySequence<byte> json, bool mayHaveTop = false)
    {
        JsonValue.RequireObject(ref reader, "a token's log probability");
        var entry = new Entry { MayHaveTop = mayHaveTop };
        members.Read(ref reader, ref entry, json);
        return entry;
    }

    private struct Entry
    {
        public string? Text;
        public int? Id;
        public double? Logprob;
        public double? Probability;
        public byte[]? Bytes;
        public TokenScore[]? Top;
        public bool MayHaveTop;
    }
}

namespace Orchard.Protocol.Messages.Deltas;

/// <summary>
/// Orchard extension: when a sequence arrived and how long its phases took, for requests with a trace context. The phases follow each
/// other; a phase that was not reached took no time.
/// </summary>
internal sealed record SequenceTimes
{
    /// <summary>Upper limit of all members: the year 5138 in microseconds of Unix time.</summary>
    public const long Latest = 100_000_000_000_000_000;

    /// <summary>The trace context of the request, unchanged.</summary>
    public required string TraceParent { get; init; }

    /// <summary>Arrival of the request, in microseconds of Unix time.</summary>
    public required long ArrivedAt { get; init; }

    /// <summary>Time until the sequence got a slot in the batch, in microseconds.</summary>
    public long Queue { get; init; }

    /// <summary>Time from there to the first token, in microseconds.</summary>
    public long Prefill { get; init; }

    /// <summary>Time from there to the end, in microseconds.</summary>
    public long Decode { get; init; }
}

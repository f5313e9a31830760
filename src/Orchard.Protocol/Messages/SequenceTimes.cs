namespace Orchard.Protocol.Messages;

/// <summary>Ours: when the engine was at what with one sequence, for who sent a trace context. One phase follows the other; one that was not reached took no time.</summary>
internal sealed record SequenceTimes
{
    /// <summary>No time or duration is above this: the year 5138, in microseconds of Unix time.</summary>
    public const long Latest = 100_000_000_000_000_000;

    /// <summary>The trace context of the request, as it came.</summary>
    public required string TraceParent { get; init; }

    /// <summary>When the engine had the request, in microseconds of Unix time.</summary>
    public required long ArrivedAt { get; init; }

    /// <summary>Microseconds until the sequence had a place in the batch.</summary>
    public long Queue { get; init; }

    /// <summary>Microseconds from then to its first token.</summary>
    public long Prefill { get; init; }

    /// <summary>Microseconds from then to its end.</summary>
    public long Decode { get; init; }
}

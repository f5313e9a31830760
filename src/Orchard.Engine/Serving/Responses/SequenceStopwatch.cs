using Orchard.Protocol.Messages.Deltas;

namespace Orchard.Engine.Serving.Responses;

/// <summary>Measures the phases of one traced sequence, starting at its arrival. Used by one thread at a time.</summary>
internal sealed class SequenceStopwatch(string traceParent, TimeProvider time)
{
    private readonly DateTimeOffset _arrived = time.GetUtcNow();
    private readonly long _queued = time.GetTimestamp();
    private long? _started;
    private long? _prefilled;

    /// <summary>Records that the sequence got a slot in the batch.</summary>
    public void OnStarted() => _started = time.GetTimestamp();

    /// <summary>Records that the sequence has its first token.</summary>
    public void OnPrefilled() => _prefilled = time.GetTimestamp();

    /// <summary>Records the end of the sequence and returns the durations.</summary>
    public SequenceTimes Stop()
    {
        long end = time.GetTimestamp();
        long started = _started ?? end;
        long prefilled = _prefilled ?? end;
        return new SequenceTimes
        {
            TraceParent = traceParent,
            ArrivedAt = Microseconds(_arrived - DateTimeOffset.UnixEpoch),
            Queue = Microseconds(time.GetElapsedTime(_queued, started)),
            Prefill = Microseconds(time.GetElapsedTime(started, prefilled)),
            Decode = Microseconds(time.GetElapsedTime(prefilled, end)),
        };
    }

    private static long Microseconds(TimeSpan span) => Math.Max(0, span.Ticks / TimeSpan.TicksPerMicrosecond);
}

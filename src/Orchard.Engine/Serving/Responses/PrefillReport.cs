using Orchard.Protocol.Messages.Deltas;

namespace Orchard.Engine.Serving.Responses;

/// <summary>Creates the deltas that report the progress of one sequence's prefill. Used by one thread at a time.</summary>
/// <param name="time">The clock.</param>
internal sealed class PrefillReport(TimeProvider time)
{
    /// <summary>Least time between two reports (100 ms), the period of heartbeats.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private long? _last;

    /// <summary>Returns the next report; null if the last one is too recent.</summary>
    public ResponseDelta? Next(in SequenceAddress address, int computed, int total)
    {
        long now = time.GetTimestamp();
        if (_last is { } last && time.GetElapsedTime(last, now) < Period)
        {
            return null;
        }

        _last = now;
        return new ResponseDelta
        {
            RequestId = address.RequestId,
            SequenceId = address.SequenceId,
            PromptIndex = address.PromptIndex,
            CandidateIndex = address.CandidateIndex,
            FinishReason = FinishReasons.Delta,
            PromptTokenCount = total,
            Extras = new DeltaExtras { PrefilledTokens = computed },
        };
    }
}

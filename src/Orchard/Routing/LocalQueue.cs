using System.Diagnostics.CodeAnalysis;
using Orchard.Connection;
using Orchard.Protocol.Messages.Events;

namespace Orchard.Routing;

/// <summary>
/// Estimates how long a call would wait in the queue of a local model: from the sequences that the engine reports for all programs, from
/// the calls of this client that it has not reported yet, and from how long answers have been. Thread-safe.
/// </summary>
/// <param name="heartbeats">Returns the heartbeats of the engine; null while there is none.</param>
internal sealed class LocalQueue(Func<Heartbeats?> heartbeats)
{
    /// <summary>Tokens of an answer, before there was one.</summary>
    public const int UsualTokens = 128;

    /// <summary>Seconds of a decode step, before one was measured.</summary>
    public const double UsualStep = 0.03;

    private const double Weight = 0.2; // of the newest answer in the averages

    private readonly Lock _gate = new();
    private int _inFlight; // guarded by _gate; sequences of this client
    private int _sinceBeat; // guarded by _gate; those begun since the last heartbeat, less those ended since
    private int _beat; // guarded by _gate; number of that heartbeat
    private double? _tokens; // guarded by _gate; average of an answer
    private double? _step; // guarded by _gate; average seconds per token
    private double? _seconds; // guarded by _gate; average of a call that generates no tokens

    /// <summary>Takes a place, unless that would mean too long a wait.</summary>
    /// <param name="model">The loaded model.</param>
    /// <param name="sequences">Number of sequences.</param>
    /// <param name="limit">The longest wait; null for any.</param>
    /// <param name="expected">The estimate.</param>
    /// <param name="place">The place.</param>
    public bool TryEnter(
        ModelInfo? model, int sequences, TimeSpan? limit, out TimeSpan expected, [NotNullWhen(true)] out QueuePlace? place)
    {
        lock (_gate)
        {
            expected = Estimate(model);
            if (expected > limit)
            {
                place = null;
                return false;
            }

            _inFlight += sequences;
            _sinceBeat += sequences;
            place = new QueuePlace(() => Leave(sequences));
            return true;
        }
    }

    /// <summary>Learns how long an answer was.</summary>
    /// <param name="tokens">Its tokens.</param>
    /// <param name="duration">The time from its first part to its last.</param>
    public void LearnAnswer(int tokens, TimeSpan duration)
    {
        lock (_gate)
        {
            _tokens = Mean(_tokens, tokens);
            if (tokens > 1)
            {
                _step = Mean(_step, duration.TotalSeconds / (tokens - 1));
            }
        }
    }

    /// <summary>Learns how long a call took that generates no tokens.</summary>
    public void LearnCall(TimeSpan duration)
    {
        lock (_gate)
        {
            _seconds = Mean(_seconds, duration.TotalSeconds);
        }
    }

    private void Leave(int sequences)
    {
        lock (_gate)
        {
            _inFlight -= sequences;
            _sinceBeat -= sequences;
        }
    }

    private static double Mean(double? before, double value) => before is { } mean ? mean + (Weight * (value - mean)) : value;

    private TimeSpan Estimate(ModelInfo? info)
    {
        Heartbeats? beats = heartbeats();
        TelemetryModel? reported = beats?.Last?.Models.FirstOrDefault(model => model.CanonicalId == info?.Id);
        if (beats is not null && beats.Count != _beat)
        {
            (_beat, _sinceBeat) = (beats.Count, 0);
        }

        int ahead = reported is null
            ? _inFlight
            : Math.Max(_inFlight, reported.RunningSequences + reported.WaitingSequences + _sinceBeat);

        // An engine that does not say how many sequences it runs at once has room unless some wait.
        int capacity = info?.ParallelSequences
            ?? (reported is { WaitingSequences: > 0 } ? Math.Max(1, reported.RunningSequences) : int.MaxValue);
        long endFirst = (long)ahead + 1 - capacity; // sequences that have to end before this call's begins
        if (endFirst <= 0)
        {
            return TimeSpan.Zero;
        }

        double seconds = SecondsPerSequence(reported) * endFirst / capacity;
        return seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue;
    }

    // Steps are measured twice, and either is too long at times: the engine's includes idle time, and this client's that of slow readers.
    private double SecondsPerSequence(TelemetryModel? reported)
    {
        if (_tokens is null && _seconds is { } seconds)
        {
            return seconds;
        }

        double? engineStep = reported is { AvgStepLatencyMs: > 0 } ? reported.AvgStepLatencyMs / 1000 : null;
        double step = engineStep is { } one && _step is { } other ? Math.Min(one, other) : engineStep ?? _step ?? UsualStep;
        return (_tokens ?? UsualTokens) * step;
    }
}

using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Deltas;

namespace Orchard.Engine.Serving.Publishing;

/// <summary>
/// Joins the deltas of a sequence that follow one another within a few milliseconds, for PIE-compatible clients: their libraries queue a
/// thousand messages, and drop the oldest without notice if the application does not take them fast enough. Thread-safe.
/// </summary>
/// <remarks>
/// The first delta of a sequence, and each one that comes after a pause, is sent at once. Only deltas with nothing but output are joined;
/// the last one is sent together with what was held.
/// </remarks>
/// <param name="send">Sends a delta on a channel. Called under the lock, so that the order within a sequence is kept.</param>
/// <param name="flush">Sends what <paramref name="send"/> has queued.</param>
/// <param name="time">The clock.</param>
internal sealed class DeltaJoiner(Action<ulong, ResponseDelta> send, Action flush, TimeProvider time) : IDisposable
{
    /// <summary>Least time between two deltas of one sequence (10 ms).</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<Sequence, Recent> _sequences = []; // guarded by _gate
    private ITimer? _timer; // guarded by _gate
    private bool _isWaiting; // guarded by _gate
    private bool _disposed; // guarded by _gate

    /// <summary>Sends a delta now, or soon together with those that follow.</summary>
    public void Add(ulong channel, ResponseDelta delta)
    {
        lock (_gate)
        {
            if (delta.SequenceId is not { } id)
            {
                SendHeld(channel, delta.RequestId);
                send(channel, delta);
                return;
            }

            var sequence = new Sequence(channel, delta.RequestId, id);
            if (!_sequences.TryGetValue(sequence, out Recent? recent))
            {
                if (!delta.IsFinal)
                {
                    _sequences[sequence] = new Recent { SentAt = time.GetTimestamp() };
                }

                send(channel, delta);
                return;
            }

            if (recent.Held is { } held)
            {
                if (DeltaJoin.TryJoin(held, delta) is { } joined)
                {
                    delta = joined;
                }
                else
                {
                    send(channel, held);
                }

                recent.Held = null;
            }

            if (delta.IsFinal)
            {
                _sequences.Remove(sequence);
                send(channel, delta);
                return;
            }

            long now = time.GetTimestamp();
            if (_disposed || time.GetElapsedTime(recent.SentAt, now) >= Period)
            {
                recent.SentAt = now;
                send(channel, delta);
                return;
            }

            recent.Held = delta;
            Wait();
        }
    }

    /// <summary>Sends what is held. From then on, deltas are sent at once.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _timer?.Dispose();
        }

        SendHeld();
    }

    // One wake-up for all sequences: those whose last delta is more recent are sent with the others.
    private void Wait()
    {
        if (!_isWaiting)
        {
            _isWaiting = true;
            _timer ??= time.CreateTimer(
                static state => ((DeltaJoiner)state!).SendHeld(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(Period, Timeout.InfiniteTimeSpan);
        }
    }

    private void SendHeld()
    {
        lock (_gate)
        {
            _isWaiting = false;
            long now = time.GetTimestamp();
            foreach ((Sequence sequence, Recent recent) in _sequences)
            {
                SendHeld(sequence, recent, now);
            }
        }

        flush();
    }

    private void SendHeld(ulong channel, ulong request)
    {
        long now = time.GetTimestamp();
        foreach ((Sequence sequence, Recent recent) in _sequences)
        {
            if (sequence.Channel == channel && sequence.Request == request)
            {
                SendHeld(sequence, recent, now);
            }
        }
    }

    private void SendHeld(Sequence sequence, Recent recent, long now)
    {
        if (recent.Held is { } held)
        {
            recent.Held = null;
            recent.SentAt = now;
            send(sequence.Channel, held);
        }
    }

    private readonly record struct Sequence(ulong Channel, ulong Request, ulong Id);

    private sealed class Recent
    {
        public long SentAt { get; set; }

        public ResponseDelta? Held { get; set; }
    }
}

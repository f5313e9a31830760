namespace Orchard.Engine.Scheduling;

/// <summary>Where any thread hands sequences to the scheduler's thread, the only one that takes.</summary>
/// <remarks>A sequence that was added is taken, also when the inbox is closed in between: none is lost.</remarks>
internal sealed class SequenceInbox
{
    private readonly object _gate = new();
    private readonly List<Sequence> _sequences = [];
    private bool _isClosed;

    /// <summary>Adds a sequence and wakes the taker. Returns false when the inbox is closed.</summary>
    public bool TryAdd(Sequence sequence)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }

            _sequences.Add(sequence);
            Monitor.Pulse(_gate);
            return true;
        }
    }

    /// <summary>Lets nothing in any more, and wakes the taker.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Moves what has arrived to the end of <paramref name="destination"/>. Returns false when the inbox is closed.</summary>
    /// <param name="destination">Receives the sequences in order of arrival.</param>
    /// <param name="wait">How long to sleep until something arrives or the inbox is closed; zero: not at all.</param>
    public bool Take(List<Sequence> destination, TimeSpan wait)
    {
        lock (_gate)
        {
            while (wait != TimeSpan.Zero && _sequences.Count == 0 && !_isClosed && Monitor.Wait(_gate, wait))
            {
                // Woken: something has arrived, or the inbox is closed.
            }

            destination.AddRange(_sequences);
            _sequences.Clear();
            return !_isClosed;
        }
    }
}

namespace Orchard.Engine.Scheduling;

/// <summary>Passes sequences from any thread to the scheduler's thread, the only consumer.</summary>
/// <remarks>Every added sequence is delivered, even if the inbox is closed in between.</remarks>
internal sealed class SequenceInbox
{
    private readonly object _gate = new();
    private readonly List<Sequence> _sequences = [];
    private bool _isClosed;
    private bool _isWoken;

    /// <summary>Adds a sequence and wakes the consumer. Returns false if the inbox is closed.</summary>
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

    /// <summary>Rejects further sequences and wakes the consumer.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Wakes the consumer.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            _isWoken = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Appends all new sequences to <paramref name="destination"/>. Returns false if the inbox is closed.</summary>
    /// <param name="destination">Receives the sequences in order of arrival.</param>
    /// <param name="wait">
    /// How long to wait for a sequence, for the inbox to be closed, or for <see cref="Wake"/>; zero to return at once.
    /// </param>
    public bool Take(List<Sequence> destination, TimeSpan wait)
    {
        lock (_gate)
        {
            while (wait != TimeSpan.Zero && _sequences.Count == 0 && !_isClosed && !_isWoken && Monitor.Wait(_gate, wait))
            {
                // Woken by TryAdd, Wake or Close.
            }

            _isWoken = false;
            destination.AddRange(_sequences);
            _sequences.Clear();
            return !_isClosed;
        }
    }
}

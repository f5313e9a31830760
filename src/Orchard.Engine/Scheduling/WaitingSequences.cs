using System.Diagnostics.CodeAnalysis;

namespace Orchard.Engine.Scheduling;

/// <summary>
/// The sequences without a slot. Indexed by client and by what they wait for, so that thousands of them cost a round no more than the few
/// whose turn it is. Not thread-safe.
/// </summary>
internal sealed class WaitingSequences
{
    /// <summary>How many waiting sequences are asked per round whether they are cancelled.</summary>
    public const int CancellationChecks = 512;

    private static readonly List<Sequence> NoSequences = [];

    private readonly List<Sequence> _all = []; // in order of arrival; also some that have left
    private readonly PriorityQueue<Sequence, int> _byLength = new(); // the longest first; also some that have left
    private readonly Dictionary<ulong, ClientQueue> _clients = [];
    private readonly SortedSet<ClientQueue> _order = []; // those with ready sequences, in the order in which they are served
    private long _arrivals;
    private int _nextCheck;

    /// <summary>Number of waiting sequences.</summary>
    public int Count { get; private set; }

    /// <summary>The waiting sequences in order of arrival.</summary>
    public IEnumerable<Sequence> All => _all.Where(IsWaiting);

    /// <summary>The longest waiting sequence; null if there is none.</summary>
    public Sequence? Longest
    {
        get
        {
            while (_byLength.TryPeek(out Sequence? longest, out _))
            {
                if (IsWaiting(longest))
                {
                    return longest;
                }

                _byLength.Dequeue();
            }

            return null;
        }
    }

    /// <summary>Adds a sequence that has arrived.</summary>
    public void Add(Sequence sequence)
    {
        sequence.Arrival = _arrivals++;
        Count++;
        _all.Add(sequence);
        Enqueue(sequence);
        MakeReady(sequence);
    }

    /// <summary>Removes a sequence that ends or starts. Call it before its state changes.</summary>
    public void Remove(Sequence sequence)
    {
        Count--;
        if (_clients.TryGetValue(sequence.ClientId, out ClientQueue? client))
        {
            Change(client, () => client.Ready.Remove(sequence));
        }
    }

    /// <summary>Records that a sequence of a client has got a slot (1) or has left it (-1).</summary>
    public void CountRunning(ulong clientId, int change)
    {
        ClientQueue client = ClientOf(clientId);
        Change(client, () => client.Running += change);
    }

    /// <summary>
    /// Returns the next sequence that could start: the first to arrive of the client with the fewest running ones, so that a client with
    /// many requests cannot starve others. Either start it or set it aside.
    /// </summary>
    public bool TryPeek([NotNullWhen(true)] out Sequence? next)
    {
        next = _order.Min?.Ready.Min;
        return next is not null;
    }

    /// <summary>Sets a sequence aside, which is then not returned any more, until <see cref="MakeReady"/>.</summary>
    public void SetAside(Sequence sequence)
    {
        ClientQueue client = ClientOf(sequence.ClientId);
        Change(client, () => client.Ready.Remove(sequence));
    }

    /// <summary>Makes a sequence available, unless it has left.</summary>
    public void MakeReady(Sequence sequence)
    {
        if (IsWaiting(sequence))
        {
            ClientQueue client = ClientOf(sequence.ClientId);
            Change(client, () => client.Ready.Add(sequence));
        }
    }

    /// <summary>Returns some of the waiting sequences that are cancelled. Repeated calls find all of them.</summary>
    public List<Sequence> FindCancelled()
    {
        RemoveThoseThatLeft();
        List<Sequence>? cancelled = null;
        for (int checks = Math.Min(CancellationChecks, _all.Count); checks > 0; checks--)
        {
            _nextCheck = _nextCheck < _all.Count ? _nextCheck : 0;
            Sequence sequence = _all[_nextCheck++];
            if (IsWaiting(sequence) && sequence.IsCancelled)
            {
                (cancelled ??= []).Add(sequence);
            }
        }

        return cancelled ?? NoSequences;
    }

    private static bool IsWaiting(Sequence sequence) => sequence.State == SequenceState.Waiting;

    private void Enqueue(Sequence sequence) => _byLength.Enqueue(sequence, -sequence.LengthAfter(1));

    // Removing one from the middle would take time in proportion to the others.
    private void RemoveThoseThatLeft()
    {
        if (_all.Count > (2 * Count) + CancellationChecks)
        {
            _all.RemoveAll(static sequence => !IsWaiting(sequence));
        }

        if (_byLength.Count > (2 * Count) + CancellationChecks)
        {
            _byLength.Clear();
            _all.ForEach(Enqueue);
        }
    }

    private ClientQueue ClientOf(ulong id)
    {
        if (!_clients.TryGetValue(id, out ClientQueue? client))
        {
            _clients.Add(id, client = new ClientQueue(id));
        }

        return client;
    }

    // A client's place in the order depends on its members, so it must not be in the set while they change.
    private void Change(ClientQueue client, Action change)
    {
        _order.Remove(client);
        change();
        if (client.Ready.Count > 0)
        {
            _order.Add(client);
        }
        else if (client.Running == 0)
        {
            _clients.Remove(client.Id); // created again when a sequence that was set aside becomes ready
        }
    }

    private sealed class ClientQueue(ulong id) : IComparable<ClientQueue>
    {
        public ulong Id { get; } = id;

        public int Running { get; set; }

        public SortedSet<Sequence> Ready { get; } = new(Comparer<Sequence>.Create(static (a, b) => a.Arrival.CompareTo(b.Arrival)));

        public int CompareTo(ClientQueue? other)
        {
            int running = Running.CompareTo(other!.Running);
            return running != 0 ? running : (Ready.Min?.Arrival ?? -1).CompareTo(other.Ready.Min?.Arrival ?? -1);
        }
    }
}

namespace Orchard.Engine.Serving;

/// <summary>The requests under way, so that they can be cancelled: one by its ids, or all of a client that is gone. Thread-safe.</summary>
internal sealed class ActiveRequests(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, List<ActiveRequest>> _byRequestId = [];
    private readonly EarlyCancels<(ulong Channel, ulong Request)> _earlyCancels = new(time);
    private int _sequences;

    /// <summary>Requests under way.</summary>
    public int Count { get; private set; }

    /// <summary>Sequences of the requests under way.</summary>
    public int Sequences => Volatile.Read(ref _sequences);

    /// <summary>Adds a request with that many sequences, or returns null when that would be more than <paramref name="capacity"/> in all.</summary>
    public ActiveRequest? TryAdd(ulong responseChannelId, ulong requestId, int sequences, int capacity)
    {
        bool cancelled;
        ActiveRequest request;
        lock (_gate)
        {
            if (_sequences + sequences > capacity)
            {
                return null;
            }

            request = new ActiveRequest(responseChannelId, requestId, sequences);
            if (!_byRequestId.TryGetValue(requestId, out List<ActiveRequest>? sharers))
            {
                _byRequestId[requestId] = sharers = [];
            }

            sharers.Add(request);
            Count++;
            _sequences += sequences;
            cancelled = _earlyCancels.Take((responseChannelId, requestId));
        }

        if (cancelled)
        {
            request.Cancel();
        }

        return request;
    }

    /// <summary>Removes a request whose sequences have all ended.</summary>
    public void Remove(ActiveRequest request)
    {
        lock (_gate)
        {
            if (_byRequestId.TryGetValue(request.RequestId, out List<ActiveRequest>? sharers) && sharers.Remove(request))
            {
                Count--;
                _sequences -= request.Sequences;
                if (sharers.Count == 0)
                {
                    _byRequestId.Remove(request.RequestId);
                }
            }
        }
    }

    /// <summary>
    /// Cancels a request. With its channel, a request that has not arrived yet is cancelled when it does; without, ids of different
    /// clients may be equal, and then none is cancelled rather than a stranger's.
    /// </summary>
    public CancelResult Cancel(ulong requestId, ulong? responseChannelId)
    {
        ActiveRequest[] found;
        lock (_gate)
        {
            found = _byRequestId.TryGetValue(requestId, out List<ActiveRequest>? sharers)
                ? [.. sharers.Where(request => responseChannelId is null || request.ResponseChannelId == responseChannelId)]
                : [];
            if (found.Length == 0)
            {
                if (responseChannelId is { } channel)
                {
                    _earlyCancels.Remember((channel, requestId));
                }

                return CancelResult.Unknown;
            }
        }

        if (found.Any(request => request.ResponseChannelId != found[0].ResponseChannelId))
        {
            return CancelResult.Ambiguous;
        }

        CancelEach(found);
        return CancelResult.Cancelled;
    }

    /// <summary>Cancels all requests of one process and returns how many there were.</summary>
    public int CancelClient(int pid) => CancelWhere(request => request.ClientPid == pid);

    /// <summary>Cancels everything and returns how much that was.</summary>
    public int CancelAll() => CancelWhere(static _ => true);

    private int CancelWhere(Func<ActiveRequest, bool> condition)
    {
        ActiveRequest[] found;
        lock (_gate)
        {
            found = [.. _byRequestId.Values.SelectMany(sharers => sharers).Where(condition)];
        }

        CancelEach(found);
        return found.Length;
    }

    private static void CancelEach(ActiveRequest[] requests)
    {
        foreach (ActiveRequest request in requests)
        {
            request.Cancel();
        }
    }
}

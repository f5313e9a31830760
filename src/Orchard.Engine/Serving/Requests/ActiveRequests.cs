namespace Orchard.Engine.Serving.Requests;

/// <summary>All active requests. Cancels single requests by id, or all requests of a client. Thread-safe.</summary>
internal sealed class ActiveRequests(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, List<ActiveRequest>> _byRequestId = [];
    private readonly EarlyCancels<(ulong Channel, ulong Request)> _earlyCancels = new(time);
    private int _sequences;

    /// <summary>Number of active requests.</summary>
    public int Count { get; private set; }

    /// <summary>Number of sequences of all active requests.</summary>
    public int Sequences => Volatile.Read(ref _sequences);

    /// <summary>Adds a request. Returns null if the total number of sequences would exceed <paramref name="capacity"/>.</summary>
    /// <param name="responseChannelId">The channel of the request's client.</param>
    /// <param name="requestId">The id that the client gave the request.</param>
    /// <param name="sequences">Number of sequences of the request.</param>
    /// <param name="capacity">Most sequences of all active requests.</param>
    /// <param name="clientPid">The process whose end cancels the request; null for none.</param>
    public ActiveRequest? TryAdd(ulong responseChannelId, ulong requestId, int sequences, int capacity, int? clientPid = null)
    {
        bool cancelled;
        ActiveRequest request;
        lock (_gate)
        {
            if (_sequences + sequences > capacity)
            {
                return null;
            }

            request = new ActiveRequest(responseChannelId, requestId, sequences, clientPid);
            if (!_byRequestId.TryGetValue(requestId, out List<ActiveRequest>? sameId))
            {
                _byRequestId[requestId] = sameId = [];
            }

            sameId.Add(request);
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

    /// <summary>Removes a request after all its sequences have ended.</summary>
    public void Remove(ActiveRequest request)
    {
        lock (_gate)
        {
            if (_byRequestId.TryGetValue(request.RequestId, out List<ActiveRequest>? sameId) && sameId.Remove(request))
            {
                Count--;
                _sequences -= request.Sequences;
                if (sameId.Count == 0)
                {
                    _byRequestId.Remove(request.RequestId);
                }
            }
        }
    }

    /// <summary>
    /// Cancels a request. With a channel, a request that has not arrived yet is cancelled on arrival. Without a channel, several clients
    /// may have requests with this id; in that case none is cancelled.
    /// </summary>
    public CancelResult Cancel(ulong requestId, ulong? responseChannelId)
    {
        ActiveRequest[] found;
        lock (_gate)
        {
            found = _byRequestId.TryGetValue(requestId, out List<ActiveRequest>? sameId)
                ? [.. sameId.Where(request => responseChannelId is null || request.ResponseChannelId == responseChannelId)]
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

    /// <summary>Cancels all requests of one client process. Returns their number.</summary>
    public int CancelClient(int pid) => CancelWhere(request => request.ClientPid == pid);

    /// <summary>Cancels all requests of one channel. Returns their number.</summary>
    public int CancelChannel(ulong channelId) => CancelWhere(request => request.ResponseChannelId == channelId);

    /// <summary>Cancels all requests. Returns their number.</summary>
    public int CancelAll() => CancelWhere(static _ => true);

    private int CancelWhere(Func<ActiveRequest, bool> condition)
    {
        ActiveRequest[] found;
        lock (_gate)
        {
            found = [.. _byRequestId.Values.SelectMany(sameId => sameId).Where(condition)];
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

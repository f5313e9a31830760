using Orchard.Protocol.Messages.Deltas;

namespace Orchard.Connection.Transport;

/// <summary>
/// The requests in flight, by id. Adding, delivering and closing use one lock, so that a request added while the connection ends is either
/// closed with the others or rejected: no request waits forever. Thread-safe.
/// </summary>
internal sealed class PendingRequests
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, PendingRequest> _requests = []; // guarded by _gate
    private Exception? _closed; // guarded by _gate

    /// <exception cref="Exception">The table has been closed; throws the error that it was closed with.</exception>
    public void Add(PendingRequest request)
    {
        lock (_gate)
        {
            if (_closed is not null)
            {
                throw _closed;
            }

            _requests.Add(request.Id, request);
        }
    }

    /// <summary>Removes a request; false when it is not in flight.</summary>
    public bool Remove(ulong id)
    {
        lock (_gate)
        {
            return _requests.Remove(id);
        }
    }

    /// <summary>Delivers a delta to its request; false when the request is not in flight.</summary>
    public bool TryDeliver(ResponseDelta delta)
    {
        PendingRequest? request;
        lock (_gate)
        {
            if (!_requests.TryGetValue(delta.RequestId, out request))
            {
                return false;
            }
        }

        return request.TryDeliver(delta);
    }

    /// <summary>Ends one request with the error; false when it is not in flight.</summary>
    public bool Fail(ulong id, Exception error)
    {
        PendingRequest? request;
        lock (_gate)
        {
            if (!_requests.Remove(id, out request))
            {
                return false;
            }
        }

        request.Fail(error);
        return true;
    }

    /// <summary>Returns the ids of the requests in flight.</summary>
    public ulong[] Ids()
    {
        lock (_gate)
        {
            return [.. _requests.Keys];
        }
    }

    /// <summary>Returns the requests in flight.</summary>
    public PendingRequest[] All()
    {
        lock (_gate)
        {
            return [.. _requests.Values];
        }
    }

    /// <summary>Ends every request with the error, and rejects later ones with it. Only the first call has an effect.</summary>
    /// <returns>The requests that were ended.</returns>
    public PendingRequest[] Close(Exception error)
    {
        PendingRequest[] requests;
        lock (_gate)
        {
            if (_closed is not null)
            {
                return [];
            }

            _closed = error;
            requests = [.. _requests.Values];
            _requests.Clear();
        }

        foreach (PendingRequest request in requests)
        {
            request.Fail(error);
        }

        return requests;
    }
}

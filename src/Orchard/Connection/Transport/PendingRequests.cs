using Orchard.Protocol.Messages.Deltas;

namespace Orchard.Connection.Transport;

/// <summary>
/// Requests that wait for deltas, by id. Adding, delivering and closing meet under one lock, so that a request added while the
/// connection dies either is closed with the others or is refused: none waits for ever. Thread-safe.
/// </summary>
internal sealed class PendingRequests
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, PendingRequest> _requests = []; // guarded by _gate
    private Exception? _closed; // guarded by _gate

    /// <exception cref="Exception">The error the table was closed with.</exception>
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

    /// <summary>Takes a request out; false when it was not there any more.</summary>
    public bool Remove(ulong id)
    {
        lock (_gate)
        {
            return _requests.Remove(id);
        }
    }

    /// <summary>Hands a delta to its request; false when nobody waits for it.</summary>
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

    /// <summary>Ends one request with the error; false when it was not there any more.</summary>
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

    /// <summary>The requests that wait now.</summary>
    public ulong[] Ids()
    {
        lock (_gate)
        {
            return [.. _requests.Keys];
        }
    }

    /// <summary>What waits now.</summary>
    public PendingRequest[] All()
    {
        lock (_gate)
        {
            return [.. _requests.Values];
        }
    }

    /// <summary>Ends every request with the error, and refuses later ones with it. The first call counts.</summary>
    /// <returns>The requests it ended.</returns>
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

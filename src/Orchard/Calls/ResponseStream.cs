using System.Diagnostics.CodeAnalysis;
using Orchard.Calls.Telemetry;
using Orchard.Connection.Transport;
using Orchard.Models;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Deltas;

namespace Orchard.Calls;

/// <summary>The response to a request in flight. Holds a lease on the model until it is released. Not thread-safe.</summary>
internal sealed class ResponseStream<T>(ModelLease lease, PendingRequest request, IResponseReader<T> reader)
    where T : class
{
    private T? _first;

    /// <summary>Returns whether the response begins with the error that the engine has unloaded the model.</summary>
    public async ValueTask<bool> IsModelGoneAsync(CancellationToken cancellationToken) =>
        await request.PeekAsync(cancellationToken).ConfigureAwait(false) is { Extras.ErrorCode: ErrorCode.ModelNotLoaded };

    /// <summary>Waits until there is a first result, or the response has ended.</summary>
    public async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        while (await WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (TryRead(out _first))
            {
                return;
            }
        }
    }

    /// <summary>Waits for the next result; false when the response has ended.</summary>
    public async ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await request.WaitToReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (EngineConnectionException e)
        {
            throw e.During(reader.ReceivedCharacters);
        }
    }

    /// <summary>Takes the next result that has arrived; false when there is none now.</summary>
    public bool TryRead([NotNullWhen(true)] out T? result)
    {
        (result, _first) = (_first, null);
        if (result is null && reader.TryTakeInitial(out result))
        {
            return true;
        }

        while (result is null && request.TryRead(out ResponseDelta? delta))
        {
            if (delta.IsFinal)
            {
                SequenceSpans.Add(delta, lease.Model.Session.ProcessId);
            }

            result = RequestErrors.Find(delta, lease.Model) is { } error
                ? ReadFailure(delta, reader.Locate(delta, error))
                : reader.Read(delta);
        }

        return result is not null;
    }

    /// <summary>Cancels the request in the engine if it is still running, and releases the lease.</summary>
    public void Release()
    {
        lease.Model.Session.Release(request);
        lease.Dispose();
    }

    private T ReadFailure(ResponseDelta delta, OrchardException error) => error is EngineConnectionException end
        ? throw end.During(reader.ReceivedCharacters)
        : reader.ReadFailure(delta, error) ?? throw error;
}

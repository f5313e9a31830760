using System.Diagnostics.CodeAnalysis;
using Orchard.Ipc;
using Orchard.Models;
using Orchard.Protocol.Messages;

namespace Orchard;

/// <summary>A request on its way: to which model, where its deltas arrive, and what has been read of each sequence. One reader.</summary>
internal sealed class Exchange(ModelLease lease, PendingRequest request, SequenceReader[] sequences)
{
    private int _receivedCharacters;
    private ChatDelta? _first;

    /// <summary>Whether the answer begins with the engine's word that it has let go of the model.</summary>
    public async ValueTask<bool> IsModelGoneAsync(CancellationToken cancellationToken) =>
        await request.PeekAsync(cancellationToken).ConfigureAwait(false) is { ErrorCode: ErrorCode.ModelNotLoaded };

    /// <summary>Waits until there is something to read for the caller, or nothing more to come.</summary>
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

    /// <summary>Waits for more; false when there will be none.</summary>
    public async ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await request.WaitToReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (EngineDiedException e)
        {
            throw e.During(_receivedCharacters);
        }
    }

    /// <summary>Takes what has arrived for the caller; false when that is nothing.</summary>
    public bool TryRead([NotNullWhen(true)] out ChatDelta? seen)
    {
        (seen, _first) = (_first, null);
        while (seen is null && request.TryRead(out ResponseDelta? delta))
        {
            if (RequestErrors.Find(delta, lease.Model) is { } error)
            {
                throw error is EngineDiedException died ? died.During(_receivedCharacters) : error;
            }

            seen = sequences[delta.PromptIndex ?? 0].Read(delta);
            _receivedCharacters += seen?.Text.Length ?? 0;
        }

        return seen is not null;
    }

    public void Release()
    {
        lease.Model.Session.Release(request);
        lease.Dispose();
    }
}

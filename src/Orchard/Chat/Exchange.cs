using System.Diagnostics.CodeAnalysis;
using Orchard.Diagnostics;
using Orchard.Ipc;
using Orchard.Models;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Deltas;

namespace Orchard;

/// <summary>A request on its way: to which model, where its deltas arrive, and what has been read of each sequence. One reader.</summary>
internal sealed class Exchange(ModelLease lease, PendingRequest request, RenderedRequest rendered)
{
    private readonly Queue<ChatDelta> _failed = new(rendered.Failed);
    private int _receivedCharacters;
    private ChatDelta? _first;

    /// <summary>Whether the answer begins with the engine's word that it has let go of the model.</summary>
    public async ValueTask<bool> IsModelGoneAsync(CancellationToken cancellationToken) =>
        await request.PeekAsync(cancellationToken).ConfigureAwait(false) is { Extras.ErrorCode: ErrorCode.ModelNotLoaded };

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
        if (seen is null && _failed.TryDequeue(out seen))
        {
            return true;
        }

        while (seen is null && request.TryRead(out ResponseDelta? delta))
        {
            if (delta.IsFinal)
            {
                SequenceSpans.Add(delta, lease.Model.Session.ProcessId);
            }

            SequenceReader sequence = rendered.Sequences[delta.PromptIndex ?? 0][delta.CandidateIndex ?? 0];
            seen = RequestErrors.Find(delta, lease.Model) is { } error ? Fail(sequence, delta, error) : sequence.Read(delta);
            _receivedCharacters += seen?.Text.Length ?? 0;
        }

        return seen is not null;
    }

    // What befell one conversation of a batch is its own affair; what ends the engine, or names no conversation, is everybody's.
    private ChatDelta Fail(SequenceReader sequence, ResponseDelta delta, OrchardException error)
    {
        if (error is EngineDiedException died)
        {
            throw died.During(_receivedCharacters);
        }

        return rendered.KeepsFailures && delta is { IsFinal: true, PromptIndex: not null } ? sequence.Fail(error) : throw error;
    }

    public void Release()
    {
        lease.Model.Session.Release(request);
        lease.Dispose();
    }
}

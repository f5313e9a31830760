using System.Diagnostics.CodeAnalysis;
using Orchard.Protocol.Messages.Deltas;

namespace Orchard.Connection.Transport;

/// <summary>One request in flight: where its deltas arrive, and whether all its sequences have ended.</summary>
/// <remarks>
/// Only the read loop delivers deltas, and one consumer reads them. The queue is unbounded: the token limit bounds a completion, and the
/// read loop must never wait for a consumer.
/// </remarks>
/// <param name="id">The request's id.</param>
/// <param name="candidates">Number of sequences for each prompt.</param>
internal sealed class PendingRequest(ulong id, int[] candidates)
{
    private readonly DeltaQueue _deltas = new();
    private readonly bool[][] _ended = [.. candidates.Select(count => new bool[count])];
    private int _running = candidates.Sum();
    private int _moves;
    private int _receivedTokens;
    private volatile bool _isAcknowledged;

    /// <summary>Creates a request that is not sent and has no deltas.</summary>
    public static PendingRequest Empty(ulong id)
    {
        var request = new PendingRequest(id, []);
        request._deltas.Close();
        return request;
    }

    public ulong Id { get; } = id;

    /// <summary>Whether the engine has nothing more to send: every sequence ended, or the request failed.</summary>
    public bool IsComplete => _deltas.Closed.IsCompleted || Volatile.Read(ref _running) == 0;

    /// <summary>Completes, never faults, when no more deltas will arrive. Those that have arrived can still be read.</summary>
    public Task Closed => _deltas.Closed;

    /// <summary>The last known state of the request.</summary>
    public RequestState State => Volatile.Read(ref _receivedTokens) > 0 ? RequestState.Generating
        : _isAcknowledged ? RequestState.Queued
        : RequestState.Sent;

    /// <summary>Number of tokens received, over all sequences.</summary>
    public int ReceivedTokens => Volatile.Read(ref _receivedTokens);

    /// <summary>Increases with every delta of the request.</summary>
    public int Moves => Volatile.Read(ref _moves);

    /// <summary>Delivers one delta; false when it belongs to a sequence that has ended or never existed.</summary>
    public bool TryDeliver(ResponseDelta delta)
    {
        Volatile.Write(ref _moves, _moves + 1); // only the read loop writes
        if (delta.IsAcknowledgement)
        {
            _isAcknowledged = true;
            return true;
        }

        Volatile.Write(ref _receivedTokens, _receivedTokens + (delta.TokensInDelta ?? delta.Tokens?.Length ?? 0));
        if (delta.PromptIndex is null && (_ended.Length > 1 || IsRefusal(delta)))
        {
            return TryDeliverWithoutPrompt(delta);
        }

        int prompt = delta.PromptIndex ?? 0;
        int candidate = delta.CandidateIndex ?? 0;
        if ((uint)prompt >= (uint)_ended.Length
            || (uint)candidate >= (uint)_ended[prompt].Length
            || _ended[prompt][candidate]
            || !_deltas.TryWrite(delta))
        {
            return false;
        }

        if (delta.IsFinal)
        {
            _ended[prompt][candidate] = true;
            if (Interlocked.Decrement(ref _running) == 0)
            {
                _deltas.Close();
            }
        }

        return true;
    }

    /// <summary>Ends the request with an error. Deltas that already arrived are still read first.</summary>
    public void Fail(Exception error) => _deltas.Close(error);

    /// <summary>Waits for the first delta without removing it; null when the request ended without one.</summary>
    public async ValueTask<ResponseDelta?> PeekAsync(CancellationToken cancellationToken)
    {
        ResponseDelta? delta = null;
        while (delta is null && await _deltas.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            _ = _deltas.TryPeek(out delta);
        }

        return delta;
    }

    /// <inheritdoc cref="DeltaQueue.WaitToReadAsync"/>
    public ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken) => _deltas.WaitToReadAsync(cancellationToken);

    /// <summary>Takes a delta that has arrived; false when there is none.</summary>
    public bool TryRead([NotNullWhen(true)] out ResponseDelta? delta) => _deltas.TryRead(out delta);

    // A failure without any index is one of the whole request, whatever the number of its sequences.
    private static bool IsRefusal(ResponseDelta delta) =>
        delta is { IsFinal: true, CandidateIndex: null }
        && string.Equals(delta.FinishReason, FinishReasons.Error, StringComparison.OrdinalIgnoreCase);

    // With several prompts, a final delta without a prompt index ends the whole request.
    private bool TryDeliverWithoutPrompt(ResponseDelta delta)
    {
        bool taken = _deltas.TryWrite(delta);
        if (taken && delta.IsFinal)
        {
            Volatile.Write(ref _running, 0);
            _deltas.Close();
        }

        return taken;
    }
}

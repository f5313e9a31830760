using System.Diagnostics.CodeAnalysis;

namespace Orchard.Engine.Serving.Requests;

/// <summary>An active request: its cancellation, and the number of sequences that have not ended. Thread-safe.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The source owns no timer or wait handle, and a cancellation may arrive at any time.")]
internal sealed class ActiveRequest(ulong responseChannelId, ulong requestId, int sequences, int? clientPid)
{
    private readonly CancellationTokenSource _cancellation = new();
    private int _openSequences = sequences;

    public ulong ResponseChannelId { get; } = responseChannelId;

    public ulong RequestId { get; } = requestId;

    public int Sequences { get; } = sequences;

    /// <summary>
    /// The process whose end cancels the request; null if the end of its connection does, or if its process is not visible.
    /// </summary>
    public int? ClientPid { get; } = clientPid;

    public CancellationToken CancellationToken => _cancellation.Token;

    public void Cancel() => _cancellation.Cancel();

    /// <summary>Records the end of one sequence. Returns whether it was the last one.</summary>
    public bool EndSequence() => Interlocked.Decrement(ref _openSequences) == 0;
}

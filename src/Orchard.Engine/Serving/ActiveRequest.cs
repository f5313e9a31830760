using System.Diagnostics.CodeAnalysis;

namespace Orchard.Engine.Serving;

/// <summary>One request under way: how to cancel it, and how many of its sequences still run. Thread-safe.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer and no wait handle, and a cancel may come at any time.")]
internal sealed class ActiveRequest(ulong responseChannelId, ulong requestId, int sequences)
{
    private readonly CancellationTokenSource _cancellation = new();
    private int _openSequences = sequences;

    public ulong ResponseChannelId { get; } = responseChannelId;

    public ulong RequestId { get; } = requestId;

    public int Sequences { get; } = sequences;

    /// <summary>The upper half of a channel id is the process that made it.</summary>
    public int ClientPid => unchecked((int)(ResponseChannelId >> 32));

    public CancellationToken CancellationToken => _cancellation.Token;

    public void Cancel() => _cancellation.Cancel();

    /// <summary>Takes note of the end of one sequence; true for the last.</summary>
    public bool EndSequence() => Interlocked.Decrement(ref _openSequences) == 0;
}

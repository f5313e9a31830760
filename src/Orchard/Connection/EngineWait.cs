using System.Diagnostics.CodeAnalysis;

namespace Orchard.Connection;

/// <summary>
/// One wait for the engine that is not for the deltas of a request, such as for the reply to a command. It is ended when there is no
/// progress. Thread-safe.
/// </summary>
/// <param name="waitedFor">What is waited for, for messages.</param>
/// <param name="progress">Returns a number that changes with the progress; null when there is none before the end.</param>
[SuppressMessage("Design", "CA1001", Justification = "The source owns no timer or wait handle, and the wait may end at any time.")]
internal sealed class EngineWait(string waitedFor, Func<int>? progress)
{
    private readonly CancellationTokenSource _stalled = new();
    private RequestStalledException? _error;

    public string WaitedFor { get; } = waitedFor;

    /// <summary>Changes with the progress of what is waited for.</summary>
    public int Moves => progress?.Invoke() ?? 0;

    /// <summary>Cancelled when there was no progress for too long.</summary>
    public CancellationToken Stalled => _stalled.Token;

    /// <summary>The reason that <see cref="Stalled"/> is cancelled for.</summary>
    public RequestStalledException? Error => Volatile.Read(ref _error);

    /// <summary>Ends the wait. The code that waits continues on another thread.</summary>
    public void Fail(RequestStalledException error)
    {
        Volatile.Write(ref _error, error);
        _ = _stalled.CancelAsync();
    }
}

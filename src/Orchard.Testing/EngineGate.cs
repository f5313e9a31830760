namespace Orchard.Testing;

/// <summary>
/// A point in a script where the engine waits until the test opens it, so that a race is staged instead of hoped for. Once open it
/// stays open. Thread-safe.
/// </summary>
public sealed class EngineGate
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the engine gets to the gate for the first time.</summary>
    public Task Reached => _reached.Task;

    /// <summary>Lets the engine go on, now and whenever it comes here again.</summary>
    public void Open() => _opened.TrySetResult();

    internal Task PassAsync(CancellationToken cancellationToken)
    {
        _reached.TrySetResult();
        return _opened.Task.WaitAsync(cancellationToken);
    }
}

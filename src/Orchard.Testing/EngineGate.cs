namespace Orchard.Testing;

/// <summary>
/// A point in a script at which the engine waits until the test opens it, so that a test can set up a race deterministically. An open gate
/// stays open. Thread-safe.
/// </summary>
public sealed class EngineGate
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the engine reaches the gate for the first time.</summary>
    public Task Reached => _reached.Task;

    /// <summary>Lets the engine pass, now and whenever it reaches the gate again.</summary>
    public void Open() => _opened.TrySetResult();

    internal Task PassAsync(CancellationToken cancellationToken)
    {
        _reached.TrySetResult();
        return _opened.Task.WaitAsync(cancellationToken);
    }
}

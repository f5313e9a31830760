namespace Orchard.Routing;

/// <summary>The place of one call in the queue of a local model, until it is disposed. Thread-safe.</summary>
/// <param name="leave">Gives the place back.</param>
internal sealed class QueuePlace(Action leave) : IDisposable
{
    private Action? _leave = leave;

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _leave, null)?.Invoke();
}

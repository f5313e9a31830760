namespace Orchard.Remote.Transport;

/// <summary>What ends one attempt of a call early: its caller, the client's disposal, or a server that sends nothing.</summary>
internal sealed class CallScope : IDisposable
{
    private readonly CancellationToken _caller;
    private readonly CancellationToken _closing;
    private readonly CancellationTokenSource _source;
    private readonly StallWatch _watch;
    private volatile bool _isStalled;

    /// <param name="limit">The longest time without data; null for no limit.</param>
    /// <param name="time">The clock.</param>
    /// <param name="closing">Cancelled when the client is disposed.</param>
    /// <param name="caller">Cancelled by the caller.</param>
    public CallScope(TimeSpan? limit, TimeProvider time, CancellationToken closing, CancellationToken caller)
    {
        (_caller, _closing) = (caller, closing);
        _source = CancellationTokenSource.CreateLinkedTokenSource(caller, closing);
        _watch = new StallWatch(time, limit, Stall);
    }

    /// <summary>Cancelled when the attempt ends early.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Whether the server sent nothing for too long.</summary>
    public bool IsStalled => _isStalled && !_caller.IsCancellationRequested && !_closing.IsCancellationRequested;

    /// <summary>Notes that the server has to send something now.</summary>
    public void BeginWait() => _watch.Begin();

    /// <summary>Notes that the server has sent something.</summary>
    public void EndWait() => _watch.End();

    /// <exception cref="OperationCanceledException">The caller has cancelled; carries the caller's token.</exception>
    /// <exception cref="ObjectDisposedException">The client has been disposed.</exception>
    public void ThrowIfLeft()
    {
        _caller.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, typeof(Client));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _watch.Dispose();
        _source.Dispose();
    }

    private void Stall()
    {
        _isStalled = true;
        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The attempt ended at this moment.
        }
    }
}

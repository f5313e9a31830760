using Orchard.Concurrency;

namespace Orchard.Connection;

/// <summary>
/// The connection of one client to the engine of its namespace. The first caller opens it, all callers share it, and it is opened again
/// after the engine has exited. Thread-safe.
/// </summary>
internal sealed class EngineConnection : IAsyncDisposable
{
    private readonly IEngineConnector _connector;
    private readonly RestartBackoff _backoff;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lazy<Task> _disposal;

    private EngineSession? _lastSession; // written only by the one attempt in flight

    /// <param name="connector">Opens sessions.</param>
    /// <param name="time">Clock of the delays between restarts.</param>
    public EngineConnection(IEngineConnector connector, TimeProvider time)
    {
        _connector = connector;
        _backoff = new RestartBackoff(time);
        Sessions = new SingleFlight<EngineSession>(OpenAsync, session => !session.IsClosed);
        _disposal = new Lazy<Task>(DisposeOnceAsync);
    }

    /// <summary>Returns the current session or opens one, in a single attempt for any number of callers.</summary>
    public SingleFlight<EngineSession> Sessions { get; }

    /// <summary>The session in use; null while there is none.</summary>
    public EngineSession? Current => Sessions.TryGetCurrent(out EngineSession? session) ? session : null;

    public bool IsDisposed => _closing.IsCancellationRequested;

    /// <summary>Closes the session, after any attempt in flight to open one. A second call waits for the first.</summary>
    public ValueTask DisposeAsync() => new(_disposal.Value);

    private async Task<EngineSession> OpenAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        try
        {
            // An attempt that begins after disposal must not touch the session; disposal waits for one that began before.
            limit.Token.ThrowIfCancellationRequested();
            if (_lastSession is { } previous)
            {
                _lastSession = null;
                EngineTelemetry.CountRestart();
                await previous.DisposeAsync().ConfigureAwait(false);
                await _backoff.WaitAsync(previous.HasAnswered, limit.Token).ConfigureAwait(false);
            }

            return _lastSession = await _connector.ConnectAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            throw new ObjectDisposedException(nameof(Client));
        }
    }

    private async Task DisposeOnceAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await Sessions.LastAttemptAsync().ConfigureAwait(false);
        if (_lastSession is { } session)
        {
            await session.DisposeAsync().ConfigureAwait(false);
        }
    }
}

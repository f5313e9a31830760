namespace Orchard.Routing;

/// <summary>An answer that arrives. Not thread-safe.</summary>
/// <param name="parts">Its parts.</param>
/// <param name="time">The clock.</param>
/// <param name="cancellationToken">Cancels the call.</param>
internal sealed class Answer(IAsyncEnumerable<ChatDelta> parts, TimeProvider time, CancellationToken cancellationToken) : IAsyncDisposable
{
    private readonly IAsyncEnumerator<ChatDelta> _parts = parts.GetAsyncEnumerator(cancellationToken);
    private readonly Queue<ChatDelta> _received = [];
    private bool _isComplete;
    private long _begin;
    private long _end;

    /// <summary>The time from the first part to the last that has arrived.</summary>
    public TimeSpan Duration => time.GetElapsedTime(_begin, _end);

    /// <summary>Waits for the first part, or an end without one.</summary>
    public async Task BeginAsync()
    {
        await ReceiveAsync().ConfigureAwait(false);
        _begin = _end;
    }

    /// <summary>Waits for all parts.</summary>
    public async Task ReadAllAsync()
    {
        while (!_isComplete)
        {
            await ReceiveAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Returns the next part; null after the last.</summary>
    public async ValueTask<ChatDelta?> ReadAsync()
    {
        if (_received.Count == 0 && !_isComplete)
        {
            await ReceiveAsync().ConfigureAwait(false);
        }

        return _received.TryDequeue(out ChatDelta? part) ? part : null;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    private async ValueTask ReceiveAsync()
    {
        _isComplete = !await _parts.MoveNextAsync().ConfigureAwait(false);
        _end = time.GetTimestamp();
        if (!_isComplete)
        {
            _received.Enqueue(_parts.Current);
        }
    }
}

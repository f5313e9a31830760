using Orchard.Connection.Transport;
using Orchard.Protocol.Messages.Events;

namespace Orchard.Connection;

/// <summary>
/// Ends every wait for the engine that makes no progress for too long, so that a lost message or a hanging engine does not keep a caller
/// waiting forever. Checks all waits periodically, so that a delta does not cost a clock read. Thread-safe.
/// </summary>
internal sealed class StallWatch : IAsyncDisposable
{
    private const int ChecksPerLimit = 4;

    private readonly Lock _gate = new();
    private readonly HashSet<EngineWait> _waits = []; // guarded by _gate
    private readonly Dictionary<object, (int Moves, long Since)> _seen = []; // used by one check at a time
    private readonly IpcTransport _transport;
    private readonly Heartbeats _heartbeats;
    private readonly int? _processId;
    private readonly TimeSpan _limit;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private (Telemetry? Heartbeat, long At) _lastHeartbeat;
    private long _lastWork;
    private int _checking;

    /// <param name="transport">The transport whose requests are checked.</param>
    /// <param name="heartbeats">The engine's heartbeats.</param>
    /// <param name="processId">Process id of the engine; null if unknown.</param>
    /// <param name="limit">How long a wait may make no progress.</param>
    /// <param name="time">The clock.</param>
    public StallWatch(IpcTransport transport, Heartbeats heartbeats, int? processId, TimeSpan limit, TimeProvider time)
    {
        _transport = transport;
        _heartbeats = heartbeats;
        _processId = processId;
        _limit = limit;
        _time = time;
        _lastHeartbeat = (null, time.GetTimestamp());
        TimeSpan period = limit / ChecksPerLimit;
        _timer = time.CreateTimer(_ => Check(), null, period, period);
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    /// <summary>Runs an operation that waits for the engine.</summary>
    /// <param name="waitedFor">What it waits for, for messages.</param>
    /// <param name="progress">Returns a number that changes with the progress; null when there is none before the end.</param>
    /// <param name="operation">The operation. It must end when its token is cancelled.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="RequestStalledException">There was no progress for too long.</exception>
    public async Task<T> RunAsync<T>(
        string waitedFor, Func<int>? progress, Func<CancellationToken, Task<T>> operation, CancellationToken cancellationToken)
    {
        var wait = new EngineWait(waitedFor, progress);
        lock (_gate)
        {
            _waits.Add(wait);
        }

        try
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, wait.Stalled);
            return await operation(ending.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (wait.Error is { } error)
            {
                throw error;
            }

            throw;
        }
        finally
        {
            lock (_gate)
            {
                _waits.Remove(wait);
            }
        }
    }

    private void Check()
    {
        if (Interlocked.Exchange(ref _checking, 1) == 1)
        {
            return; // the previous check is still running
        }

        try
        {
            long now = _time.GetTimestamp();
            bool works = HasWorked(now);
            PendingRequest[] pending = _transport.Pending();
            EngineWait[] waits;
            lock (_gate)
            {
                waits = [.. _waits];
            }

            foreach (object gone in _seen.Keys.Except([.. pending, .. waits]).ToArray())
            {
                _seen.Remove(gone);
            }

            foreach (PendingRequest request in pending)
            {
                if (IsStalled(request, request.Moves, works && request.State == RequestState.Queued, now))
                {
                    _transport.Abort(request, Stalled(request, now));
                }
            }

            foreach (EngineWait wait in waits)
            {
                if (IsStalled(wait, wait.Moves, waitsItsTurn: false, now))
                {
                    wait.Fail(Stalled(wait.WaitedFor, $"{wait.WaitedFor} has not arrived", RequestState.Sent, now));
                }
            }
        }
        finally
        {
            Volatile.Write(ref _checking, 0);
        }
    }

    private bool IsStalled(object wait, int moves, bool waitsItsTurn, long now)
    {
        if (!_seen.TryGetValue(wait, out (int Moves, long Since) seen) || seen.Moves != moves || waitsItsTurn)
        {
            _seen[wait] = (moves, now);
            return false;
        }

        return _time.GetElapsedTime(seen.Since, now) >= _limit;
    }

    // Whether the engine has computed anything since the last check, for any client.
    private bool HasWorked(long now)
    {
        Telemetry? heartbeat = _heartbeats.Last;
        if (!ReferenceEquals(heartbeat, _lastHeartbeat.Heartbeat))
        {
            _lastHeartbeat = (heartbeat, now);
        }

        long work = heartbeat?.Models.Sum(model => (model.Counters?.DecodeSteps + model.Counters?.EmbeddingSteps) ?? 0) ?? 0;
        bool worked = work != _lastWork;
        _lastWork = work;
        return worked;
    }

    private RequestStalledException Stalled(PendingRequest request, long now)
    {
        RequestState state = request.State;
        (string waitedFor, string what) = state switch
        {
            RequestState.Sent => ("the acknowledgement of a request", "the engine has not acknowledged it"),
            RequestState.Queued => ("the first result of a request", "the engine has acknowledged it but generates nothing"),
            _ => ("the next token", $"the answer stopped after {request.ReceivedTokens} tokens"),
        };
        return Stalled(waitedFor, what, state, now);
    }

    private RequestStalledException Stalled(string waitedFor, string what, RequestState state, long now)
    {
        string engine = _processId is { } pid ? $"The engine process {pid}" : "The engine";
        double quiet = _time.GetElapsedTime(_lastHeartbeat.At, now).TotalSeconds;
        string life = quiet < _limit.TotalSeconds
            ? "still sends heartbeats"
            : $"has sent no heartbeat for {quiet:0} s; it may hang";
        return new RequestStalledException(
            $"A request made no progress for {_limit.TotalSeconds:0.#} s: {what}. {engine} {life}. "
            + $"{nameof(ClientOptions)}.{nameof(ClientOptions.StallTimeout)} sets the limit.",
            waitedFor,
            state,
            _processId);
    }
}

using Orchard.Connection.Transport;
using Orchard.Protocol.Messages.Events;

namespace Orchard.Connection;

/// <summary>
/// Fails requests that make no progress for too long, so that a lost request or a hanging engine does not keep a caller waiting forever.
/// Checks all requests periodically, so that a delta does not cost a clock read.
/// </summary>
internal sealed class StallWatch : IAsyncDisposable
{
    private const int ChecksPerLimit = 4;

    private readonly Dictionary<PendingRequest, (int Moves, long Since)> _seen = []; // used by one check at a time
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
    /// <param name="limit">How long a request may make no progress.</param>
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
            foreach (PendingRequest gone in _seen.Keys.Except(pending).ToArray())
            {
                _seen.Remove(gone);
            }

            foreach (PendingRequest request in pending)
            {
                Check(request, works, now);
            }
        }
        finally
        {
            Volatile.Write(ref _checking, 0);
        }
    }

    private void Check(PendingRequest request, bool engineWorks, long now)
    {
        int moves = request.Moves;
        bool waitsItsTurn = engineWorks && request.State == RequestState.Queued;
        if (!_seen.TryGetValue(request, out (int Moves, long Since) seen) || seen.Moves != moves || waitsItsTurn)
        {
            _seen[request] = (moves, now);
        }
        else if (_time.GetElapsedTime(seen.Since, now) >= _limit)
        {
            _transport.Abort(request, Stalled(request, now));
        }
    }

    // Whether the engine has decoded anything since the last check, for any client.
    private bool HasWorked(long now)
    {
        Telemetry? heartbeat = _heartbeats.Last;
        if (!ReferenceEquals(heartbeat, _lastHeartbeat.Heartbeat))
        {
            _lastHeartbeat = (heartbeat, now);
        }

        long work = heartbeat?.Models.Sum(model => model.Counters?.DecodeSteps ?? 0) ?? 0;
        bool worked = work != _lastWork;
        _lastWork = work;
        return worked;
    }

    private RequestStalledException Stalled(PendingRequest request, long now)
    {
        RequestState state = request.State;
        string what = state switch
        {
            RequestState.Sent => "the engine has not acknowledged it",
            RequestState.Queued => "the engine has acknowledged it but generates nothing",
            _ => $"the answer stopped after {request.ReceivedTokens} tokens",
        };
        string engine = _processId is { } pid ? $"The engine process {pid}" : "The engine";
        double quiet = _time.GetElapsedTime(_lastHeartbeat.At, now).TotalSeconds;
        string life = quiet < _limit.TotalSeconds
            ? "still sends heartbeats"
            : $"has sent no heartbeat for {quiet:0} s; it may hang";
        return new RequestStalledException(
            $"A request made no progress for {_limit.TotalSeconds:0.#} s: {what}. {engine} {life}. "
            + $"{nameof(ClientOptions)}.{nameof(ClientOptions.StallTimeout)} sets the limit.",
            state,
            _processId);
    }
}

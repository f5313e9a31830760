using Microsoft.Extensions.Logging;
using Orchard.Connection.Transport;
using Orchard.Processes;
using Orchard.Protocol;
using Orchard.Protocol.Messages.Events;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Connection;

/// <summary>
/// The attachment of this client to one engine process, from registration until either side ends it. It never re-attaches: a new engine
/// process gets a new session, so what a session knows of its engine stays true. Thread-safe.
/// </summary>
internal sealed partial class EngineSession : IObservedEngine, IAsyncDisposable
{
    private static readonly TimeSpan LeaveTimeout = TimeSpan.FromSeconds(10);

    private readonly EngineRoot _root;
    private readonly IpcTransport _transport;
    private readonly EngineProcess? _process;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly EngineLease _lease;
    private readonly StallWatch? _stalls;
    private readonly Task<Exception> _end;
    private readonly Task _teardown;
    private readonly Lazy<Task> _disposal;
    private volatile bool _disposing;

    /// <param name="root">The namespace of the engine.</param>
    /// <param name="attachment">The registered connection, which the session owns from here on.</param>
    /// <param name="options">The clock and the stall timeout.</param>
    /// <param name="logger">The log.</param>
    public EngineSession(EngineRoot root, EngineAttachment attachment, ClientOptions options, ILogger logger)
    {
        _root = root;
        _transport = attachment.Transport;
        _lease = attachment.Lease;
        _process = attachment.Process;
        _time = options.TimeProvider;
        _logger = logger;
        Events = attachment.Events;
        ProcessId = attachment.Identity?.ProcessId ?? attachment.Process?.Id;
        IsOrchardEngine = attachment.Identity is not null;
        _disposal = new Lazy<Task>(DisposeOnceAsync);
        _stalls = options.StallTimeout is { } limit ? new StallWatch(_transport, Heartbeats, ProcessId, limit, _time) : null;
        EngineTelemetry.Add(this);
        _end = WatchAsync();
        _teardown = TearDownAsync();
    }

    public int? ProcessId { get; }

    public EngineEvents Events { get; }

    public Heartbeats Heartbeats => Events.Heartbeats;

    /// <summary>The outcomes of model loads.</summary>
    public LoadWatches Loads => Events.Loads;

    /// <summary>Whether this is Orchard's own engine, which makes guarantees that other PIE engines are not known to make.</summary>
    public bool IsOrchardEngine { get; }

    /// <summary>Whether the connection has ended or this session is being disposed.</summary>
    public bool IsClosed => _disposing || _transport.Ended.IsCompleted;

    /// <summary>Whether this client has received any part of an answer from the engine.</summary>
    public bool HasAnswered => _transport.HasAnswered;

    public ulong ChannelId => _transport.ChannelId;

    public ulong NextRequestId() => _transport.NextRequestId();

    /// <summary>Sends a request.</summary>
    /// <exception cref="EngineConnectionException">The connection has ended.</exception>
    public async Task<PendingRequest> SendAsync(WireRequest frame, CancellationToken cancellationToken)
    {
        try
        {
            return await _transport.SendAsync(frame, cancellationToken).ConfigureAwait(false);
        }
        catch (ConnectionClosedException)
        {
            throw await _end.ConfigureAwait(false);
        }
    }

    /// <inheritdoc cref="IpcTransport.Release"/>
    public void Release(PendingRequest request) => _transport.Release(request);

    /// <summary>Sends a command and waits for its reply.</summary>
    /// <exception cref="EngineConnectionException">The connection has ended. The command may or may not have been executed.</exception>
    /// <exception cref="ProtocolException">The reply cannot be read.</exception>
    /// <exception cref="RequestStalledException">There was no reply for too long.</exception>
    public Task<ManagementReply> CommandAsync(ManagementCommand command, CancellationToken cancellationToken) =>
        WaitAsync($"the reply to '{command.Type}'", progress: null, token => CommandWithoutLimitAsync(command, token), cancellationToken);

    /// <summary>Runs an operation that waits for the engine, which ends when the wait makes no progress for too long.</summary>
    /// <inheritdoc cref="StallWatch.RunAsync"/>
    public Task<T> WaitAsync<T>(
        string waitedFor, Func<int>? progress, Func<CancellationToken, Task<T>> operation, CancellationToken cancellationToken) =>
        _stalls is null ? operation(cancellationToken) : _stalls.RunAsync(waitedFor, progress, operation, cancellationToken);

    /// <summary>Sends a command and waits for its reply without a limit; for operations of <see cref="WaitAsync"/>.</summary>
    /// <exception cref="EngineDiedException">The engine is gone. It may or may not have executed the command.</exception>
    /// <exception cref="ProtocolException">The reply cannot be read.</exception>
    public async Task<ManagementReply> CommandWithoutLimitAsync(ManagementCommand command, CancellationToken cancellationToken)
    {
        try
        {
            return await _transport.CommandAsync(command, cancellationToken).ConfigureAwait(false);
        }
        catch (ConnectionClosedException)
        {
            throw await _end.ConfigureAwait(false);
        }
        catch (WireException e)
        {
            throw new ProtocolException($"The engine's reply to '{command.Type}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Returns the last heartbeat, after waiting for the first if there has been none.</summary>
    /// <exception cref="EngineConnectionException">The connection ended before the first heartbeat.</exception>
    /// <exception cref="RequestStalledException">There was no heartbeat for too long.</exception>
    public async Task<Telemetry> GetTelemetryAsync(CancellationToken cancellationToken)
    {
        if (Heartbeats.Last is null)
        {
            await WaitAsync(
                "the first heartbeat",
                progress: null,
                token => Task.WhenAny(Heartbeats.First, _end).WaitAsync(token),
                cancellationToken).ConfigureAwait(false);
        }

        return Heartbeats.Last ?? throw await _end.ConfigureAwait(false);
    }

    /// <summary>Waits for the end of an engine that has announced its exit. Returns after a time limit if it does not exit.</summary>
    public async Task WaitForEndAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _end.WaitAsync(LeaveTimeout, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
        }
    }

    /// <summary>Detaches from the engine. Calls in flight fail as disposed; a second call waits for the first.</summary>
    public ValueTask DisposeAsync() => new(_disposal.Value);

    private async Task DisposeOnceAsync()
    {
        if (_transport.Ended.IsCompleted)
        {
            // The engine ended first; WatchAsync reports that to the calls in flight.
            await _end.ConfigureAwait(false);
        }

        _disposing = true;
        if (IsOrchardEngine || _transport.Ended.IsCompleted)
        {
            _lease.Drop(); // the end of the connection is what counts, or the engine is gone
        }
        else
        {
            await _lease.ReleaseAsync(_transport, _time, _logger).ConfigureAwait(false);
        }

        await _transport.DisposeAsync().ConfigureAwait(false);
        await _teardown.ConfigureAwait(false);
        _process?.Dispose();
    }

    // The end of one connection ends all: an engine that still has the others would continue to generate for a client that is gone.
    private async Task TearDownAsync()
    {
        await _end.ConfigureAwait(false);
        EngineTelemetry.Remove(this);
        if (_stalls is not null)
        {
            await _stalls.DisposeAsync().ConfigureAwait(false);
        }

        await _transport.DisposeAsync().ConfigureAwait(false);
    }

    // Waits for the end of the connection, then fails everything that waits with the reason.
    private async Task<Exception> WatchAsync()
    {
        ConnectionEnd end = await _transport.Ended.ConfigureAwait(false);
        _lease.Drop(); // an ended session must not count as a use of the next engine
        Exception error = _disposing
            ? new ObjectDisposedException(nameof(Client))
            : await new EndInquiry(_root, _transport, ProcessId, _process, Heartbeats, _time).ExplainAsync(end).ConfigureAwait(false);
        _transport.Close(error);
        Loads.Close(error);
        if (error is EngineDiedException died)
        {
            LogEngineGone(ProcessId, died.ExitCode, end.ToString());
        }
        else if (error is EngineConnectionException lost)
        {
            LogConnectionLost(lost.Message);
        }

        return error;
    }

    [LoggerMessage(10, LogLevel.Warning, "Engine process {ProcessId} is gone (exit code {ExitCode}; {End})")]
    private partial void LogEngineGone(int? processId, int? exitCode, string end);

    [LoggerMessage(12, LogLevel.Warning, "{Message}")]
    private partial void LogConnectionLost(string message);
}

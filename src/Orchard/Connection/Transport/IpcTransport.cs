using System.Buffers;
using Microsoft.Extensions.Logging;
using Nerdbank.Streams;
using Orchard.Protocol;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Deltas;
using Orchard.Protocol.Messages.Events;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Messages.Requests;
using Orchard.Protocol.Messages.Requests.Codec;
using Orchard.Protocol.Sockets;
using Orchard.Responses;

namespace Orchard.Connection.Transport;

/// <summary>
/// The three connections to one engine process: requests, published deltas and events, and management commands. All end when one of them
/// ends. It never reconnects, because a later listener may be another engine. Thread-safe.
/// </summary>
internal sealed partial class IpcTransport : IAsyncDisposable
{
    private static readonly TimeSpan CancelTimeout = TimeSpan.FromSeconds(2);

    private readonly PendingRequests _pending = new();
    private readonly BackgroundTasks _cancels = new(); // each bounded in time
    private readonly BackgroundTasks _background = new();
    private readonly TaskCompletionSource<ulong> _assignment = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<EngineEvent> _onEvent;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lazy<Task> _disposal;

    private PushSocket _requests = null!;
    private SubSocket _responses = null!;
    private ReqSocket _management = null!;
    private ulong _lastRequestId;
    private volatile TopicFilter _topics;
    private volatile bool _hasAnswered;
    private volatile bool _isBound; // to an Orchard engine

    private IpcTransport(Action<EngineEvent> onEvent, TimeProvider time, ILogger logger)
    {
        _onEvent = onEvent;
        _time = time;
        _logger = logger;
        _disposal = new Lazy<Task>(DisposeOnceAsync);

        // Request ids start at a random number in the upper half, unlike those of clients that cancel by request id alone.
        ChannelId = ResponseChannel.Choose();
        _lastRequestId = (ulong)SecureRandom.Next31() << 32;
        _topics = new TopicFilter(ChannelId);
    }

    /// <summary>This client's response address. Does not change once a request has been sent.</summary>
    public ulong ChannelId { get; private set; }

    /// <summary>Whether a delta for this client has arrived.</summary>
    public bool HasAnswered => _hasAnswered;

    /// <summary>Completes when a connection has ended. <see cref="Close"/> then ends the pending requests with the reason.</summary>
    public Task<ConnectionEnd> Ended { get; private set; } = null!;

    /// <summary>Connects to the engine's sockets. Closes those already open when it fails.</summary>
    public static async Task<IpcTransport> ConnectAsync(
        EngineRoot root,
        Action<EngineEvent> onEvent,
        TimeProvider time,
        ILogger logger,
        CancellationToken cancellationToken)
    {
        Stream management = await UnixSocket.ConnectAsync(root.ManagementSocket, cancellationToken).ConfigureAwait(false);
        Stream? responses = null;
        Stream requests;
        try
        {
            responses = await UnixSocket.ConnectAsync(root.ResponseSocket, cancellationToken).ConfigureAwait(false);
            requests = await UnixSocket.ConnectAsync(root.RequestSocket, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await management.DisposeAsync().ConfigureAwait(false);
            if (responses is not null)
            {
                await responses.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }

        return await OpenAsync(requests, responses, management, onEvent, time, logger, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens the transport over three streams. It owns them, even when this method throws.</summary>
    public static async Task<IpcTransport> OpenAsync(
        Stream requests,
        Stream responses,
        Stream management,
        Action<EngineEvent> onEvent,
        TimeProvider time,
        ILogger logger,
        CancellationToken cancellationToken)
    {
        var transport = new IpcTransport(onEvent, time, logger);
        var options = new SpOptions { TimeProvider = time };
        var opening = (
            Management: ReqSocket.OpenAsync(management, options, cancellationToken),
            Responses: SubSocket.OpenAsync(responses, transport.OnPublishedAsync, options, cancellationToken),
            Requests: PushSocket.OpenAsync(requests, options, cancellationToken));
        try
        {
            await Task.WhenAll(opening.Management, opening.Responses, opening.Requests).ConfigureAwait(false);
        }
        catch
        {
            await DisposeOpenedAsync(opening.Management).ConfigureAwait(false);
            await DisposeOpenedAsync(opening.Responses).ConfigureAwait(false);
            await DisposeOpenedAsync(opening.Requests).ConfigureAwait(false);
            throw;
        }

        transport._management = await opening.Management.ConfigureAwait(false);
        transport._responses = await opening.Responses.ConfigureAwait(false);
        transport._requests = await opening.Requests.ConfigureAwait(false);
        transport.Ended = transport.FirstEndAsync();
        return transport;
    }

    /// <summary>
    /// Takes the channel that an Orchard engine has assigned to the response connection. From then on that connection receives only the
    /// deltas of this client. Call before the first request.
    /// </summary>
    /// <exception cref="ConnectionClosedException">A connection ended first.</exception>
    public async Task<ManagementReply> BindAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAny(_assignment.Task, Ended).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (!_assignment.Task.IsCompleted)
        {
            throw new ConnectionClosedException(await Ended.ConfigureAwait(false));
        }

        ChannelId = await _assignment.Task.ConfigureAwait(false);
        _isBound = true;
        _topics = new TopicFilter(ChannelId);
        return await CommandAsync(
            new ManagementCommand { Type = ManagementCommand.ClientBind, ResponseChannelId = ChannelId }, cancellationToken)
            .ConfigureAwait(false);
    }

    public ulong NextRequestId() => Interlocked.Increment(ref _lastRequestId);

    /// <summary>
    /// Sends a request. Cancellation before its first byte is written means that it was not sent. Afterwards, the request must be cancelled
    /// in the engine, which <see cref="Release"/> does.
    /// </summary>
    /// <exception cref="ConnectionClosedException">The connection ended and the reason is not known yet.</exception>
    public async Task<PendingRequest> SendAsync(WireRequest frame, CancellationToken cancellationToken)
    {
        var pending = new PendingRequest(frame.RequestId, [.. frame.Prompts.Select(prompt => prompt.CandidateCount)]);
        var bytes = new Sequence<byte>(ArrayPool<byte>.Shared);
        try
        {
            WireRequestWriter.Write(frame, bytes, omitDefaults: _isBound);
            _pending.Add(pending);
        }
        catch
        {
            bytes.Dispose();
            throw;
        }

        // An engine that does not read must not block the caller. The write cannot stop halfway, so it continues in the background.
        Task write = WriteAsync(bytes, cancellationToken);
        try
        {
            if (!write.IsCompleted)
            {
                await Task.WhenAny(write, pending.Closed).WaitAsync(cancellationToken).ConfigureAwait(false);
                if (!write.IsCompleted)
                {
                    _background.Track(write); // the request was failed meanwhile; its reader receives the reason
                    return pending;
                }
            }

            await write.ConfigureAwait(false);
        }
        catch
        {
            if (write.IsFaulted || write.IsCanceled)
            {
                _pending.Remove(frame.RequestId); // not sent
            }
            else
            {
                // Sent, even if the write completed only as the wait for it ended: the engine must be notified.
                Release(pending);
            }

            _background.Track(write); // the wait for it may have ended before it failed
            throw;
        }

        return pending;
    }

    /// <summary>Removes a request, and cancels it in the engine if it has not ended. Does not wait for the engine.</summary>
    public void Release(PendingRequest request)
    {
        if (_pending.Remove(request.Id) && !request.IsComplete)
        {
            _cancels.Track(CancelAsync(request.Id));
        }
    }

    /// <summary>Returns the requests in flight.</summary>
    public PendingRequest[] Pending() => _pending.All();

    /// <summary>Ends a request with an error, and cancels it in the engine. Does not wait for the engine.</summary>
    public void Abort(PendingRequest request, Exception error)
    {
        if (_pending.Fail(request.Id, error))
        {
            _cancels.Track(CancelAsync(request.Id));
        }
    }

    /// <summary>Sends a command and waits for its reply.</summary>
    /// <exception cref="ConnectionClosedException">The connection ended first; the command may or may not have been executed.</exception>
    /// <exception cref="WireException">The reply is malformed.</exception>
    public async Task<ManagementReply> CommandAsync(ManagementCommand command, CancellationToken cancellationToken)
    {
        Task<byte[]> reply = _management.RequestAsync(ManagementJson.Encode(command), cancellationToken);
        try
        {
            return ManagementJson.DecodeReply(await reply.WaitAsync(cancellationToken).ConfigureAwait(false));
        }
        finally
        {
            if (!reply.IsCompletedSuccessfully)
            {
                _background.Track(reply); // its write continues in the background, or it failed just as the wait ended
            }
        }
    }

    /// <summary>Sends a command and waits for its reply; null if the connection has ended or the reply cannot be read.</summary>
    public async Task<ManagementReply?> TryCommandAsync(ManagementCommand command, CancellationToken cancellationToken)
    {
        try
        {
            return await CommandAsync(command, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ConnectionClosedException or WireException)
        {
            return null;
        }
    }

    /// <summary>Ends every pending and every later request with the error.</summary>
    public void Close(Exception error) => _pending.Close(error);

    /// <summary>Closes the connections; requests still pending end as disposed. A second call waits for the first.</summary>
    public ValueTask DisposeAsync() => new(_disposal.Value);

    private async Task DisposeOnceAsync()
    {
        PendingRequest[] unfinished = _pending.Close(new ObjectDisposedException(nameof(Client)));
        if (!Ended.IsCompleted)
        {
            // The engine identifies clients by process, and may not notice that one of several has left.
            await Task.WhenAll(unfinished.Select(request => CancelAsync(request.Id))).ConfigureAwait(false);
            await _cancels.WhenAllAsync().ConfigureAwait(false);
        }

        await _requests.DisposeAsync().ConfigureAwait(false);
        await _management.DisposeAsync().ConfigureAwait(false);
        await _responses.DisposeAsync().ConfigureAwait(false);
        await _cancels.WhenAllAsync().ConfigureAwait(false);
        await _background.WhenAllAsync().ConfigureAwait(false);
    }

    private async Task<ConnectionEnd> FirstEndAsync()
    {
        Task<ConnectionEnd> first = await Task.WhenAny(_responses.Completion, _requests.Completion, _management.Completion)
            .ConfigureAwait(false);
        return await first.ConfigureAwait(false);
    }

    private static async Task DisposeOpenedAsync<TSocket>(Task<TSocket> opening)
        where TSocket : IAsyncDisposable
    {
        if (opening.IsCompletedSuccessfully)
        {
            await (await opening.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        }
    }

    // Runs on the read loop and never waits. A malformed message fails the requests whose text it may have contained, not the loop.
    private ValueTask OnPublishedAsync(ReadOnlySequence<byte> message)
    {
        try
        {
            switch (_topics.Classify(message, out ReadOnlySequence<byte> payload))
            {
                case TopicKind.Response:
                    ResponseDelta delta = ResponseDeltaReader.Read(payload);
                    _hasAnswered = true;
                    if (!_pending.TryDeliver(delta))
                    {
                        LogDeltaWithoutRequest(delta.RequestId); // its caller left before it arrived
                    }

                    break;
                case TopicKind.Assignment when Topic.ReadAssignment(payload) is { } channel:
                    _assignment.TrySetResult(channel);
                    break;
                case TopicKind.Event when EngineEventReader.Read(payload) is { } engineEvent:
                    _onEvent(engineEvent);
                    break;
            }
        }
        catch (WireException e)
        {
            FailReceiver(e);
        }

        return ValueTask.CompletedTask;
    }

    private async Task CancelAsync(ulong requestId)
    {
        try
        {
            using var timeout = new CancellationTokenSource(CancelTimeout, _time);
            await CommandAsync(
                new ManagementCommand { Type = ManagementCommand.CancelRequest, RequestId = requestId, ResponseChannelId = ChannelId },
                timeout.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ConnectionClosedException or OperationCanceledException or WireException)
        {
            LogCancelFailed(requestId, e.Message); // the engine is gone or busy; it also notices when this client leaves
        }
    }

    // The text of a malformed delta is lost: its request must not continue as if it were complete.
    private void FailReceiver(WireException error)
    {
        if (error is ResponseDeltaException delta)
        {
            var lost = new ProtocolException($"The engine sent a part of an answer that cannot be read: {error.Message}", error);
            foreach (ulong id in delta.RequestId is { } known ? [known] : _pending.Ids())
            {
                _pending.Fail(id, lost);
            }
        }

        LogBadMessage(error.Message);
    }

    private async Task WriteAsync(Sequence<byte> bytes, CancellationToken cancellationToken)
    {
        using (bytes)
        {
            await _requests.SendAsync(bytes.AsReadOnlySequence, cancellationToken).ConfigureAwait(false);
        }
    }

    [LoggerMessage(1, LogLevel.Debug, "Ignored a delta for request {RequestId}, which is not pending")]
    private partial void LogDeltaWithoutRequest(ulong requestId);

    [LoggerMessage(2, LogLevel.Warning, "The engine published a message that cannot be read: {Reason}")]
    private partial void LogBadMessage(string reason);

    [LoggerMessage(3, LogLevel.Debug, "Cancelling request {RequestId} did not reach the engine: {Reason}")]
    private partial void LogCancelFailed(ulong requestId, string reason);
}

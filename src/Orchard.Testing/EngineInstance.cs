using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Nerdbank.Streams;
using Orchard.Connection.Transport;
using Orchard.Protocol;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Deltas;
using Orchard.Protocol.Messages.Events;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Messages.Requests;
using Orchard.Protocol.Messages.Requests.Codec;
using Orchard.Protocol.Sockets;
using Orchard.Testing.Wire;

namespace Orchard.Testing;

/// <summary>
/// One run of the scripted engine, which stands for one process: its connections, loaded models and running requests. It ends with a crash;
/// the <see cref="EngineState"/> is kept. Thread-safe.
/// </summary>
internal sealed class EngineInstance : IEngineInstance, IAsyncDisposable
{
    private readonly EngineState _state;
    private readonly EngineManagement _management;
    private readonly FakePublisher _responses = new();
    private readonly PullSocket _requests;
    private readonly RepSocket _commands;
    private readonly ConcurrentDictionary<(ulong Channel, ulong Request), FakeRequest> _active = new();
    private readonly ConcurrentBag<Task> _running = [];
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly List<UnixSocketListener> _listeners = [];
    private readonly CancellationTokenSource _ending = new(); // never disposed: it owns no timer or handle
    private readonly Lazy<Task> _closed;

    private ulong _lastSequenceId;
    private volatile bool _hasEnded;

    public EngineInstance(EngineState state, int processId)
    {
        _state = state;
        ProcessId = processId;
        _management = new EngineManagement(this, state);
        _requests = new PullSocket(OnRequest, SpOptions.Default);
        _commands = new RepSocket(_management.AnswerAsync, SpOptions.Default);
        _closed = new Lazy<Task>(CloseOnceAsync);
        if (state.Script.HeartbeatPeriod is { } period)
        {
            _running.Add(BeatAsync(period));
        }
    }

    public int ProcessId { get; }

    public TimeProvider Time => _state.Time;

    public bool HasEnded => _hasEnded;

    public string ChannelStatus { get; private set; } = ChannelStates.Open;

    /// <summary>Listens on the sockets of a namespace.</summary>
    public void Listen(EngineRoot root)
    {
        root.Create();
        _listeners.Add(UnixSocketListener.Start(root.ResponseSocket, _responses));
        _listeners.Add(UnixSocketListener.Start(root.ManagementSocket, _commands));
        _listeners.Add(UnixSocketListener.Start(root.RequestSocket, _requests));
    }

    /// <summary>Connects a client in memory.</summary>
    public Task<IpcTransport> ConnectAsync(Action<EngineEvent> onEvent, CancellationToken cancellationToken) =>
        ConnectAsync(onEvent, NullLogger.Instance, cancellationToken);

    /// <inheritdoc cref="ConnectAsync(Action{EngineEvent}, CancellationToken)"/>
    public Task<IpcTransport> ConnectAsync(
        Action<EngineEvent> onEvent, ILogger logger, CancellationToken cancellationToken) => IpcTransport.OpenAsync(
        Serve(_requests), Serve(_responses), Serve(_commands), onEvent, Time, logger, cancellationToken);

    public void Publish(ReadOnlyMemory<byte> message) => _responses.Publish(message);

    public void Publish(ulong channel, ResponseDelta delta)
    {
        var bytes = new ArrayBufferWriter<byte>();
        ResponseDeltaWriter.Write(channel, delta, bytes);
        Publish(bytes.WrittenMemory);
    }

    public void Publish(EngineEvent engineEvent)
    {
        var bytes = new ArrayBufferWriter<byte>();
        engineEvent.Write(bytes);
        Publish(bytes.WrittenMemory);
    }

    public void CancelRequest(ManagementCommand command)
    {
        if (command is { ResponseChannelId: { } channel, RequestId: { } id }
            && _active.TryGetValue((channel, id), out FakeRequest? request))
        {
            request.Cancel();
        }
    }

    public void Run(Func<CancellationToken, Task> work) => _running.Add(Task.Run(() => work(_ending.Token), CancellationToken.None));

    /// <summary>Closes the response connections, as an engine that goes on running.</summary>
    /// <param name="status">What the engine says has become of them: one of <see cref="ChannelStates"/>.</param>
    public void Disconnect(string status)
    {
        ChannelStatus = status;
        _responses.Drop();
    }

    public void BeginCrash(bool midMessage) => _ = CrashAsync(midMessage);

    /// <summary>Closes the connections after all queued messages, and optionally in the middle of one more.</summary>
    public async Task CrashAsync(bool midMessage)
    {
        _hasEnded = true;
        await _responses.EndAsync(midMessage).ConfigureAwait(false);
        await _closed.Value.ConfigureAwait(false);
    }

    /// <summary>Closes all connections and waits for all work in progress.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closed.Value.ConfigureAwait(false);
        await Task.WhenAll(_running).ConfigureAwait(false);
    }

    private async Task CloseOnceAsync()
    {
        _hasEnded = true;
        await _ending.CancelAsync().ConfigureAwait(false);
        foreach (UnixSocketListener listener in _listeners)
        {
            await listener.DisposeAsync().ConfigureAwait(false);
        }

        await Task.WhenAll(_connections).ConfigureAwait(false);
    }

    private Stream Serve(ISpServer server)
    {
        (Stream client, Stream engine) = FullDuplexStream.CreatePair();
        _connections.Add(server.ServeAsync(engine, _ending.Token));
        return client;
    }

    private ValueTask OnRequest(ReadOnlySequence<byte> message)
    {
        WireRequest frame = WireRequestReader.Read(message);
        var request = new FakeRequest(frame);
        _active[(frame.ResponseChannelId, frame.RequestId)] = request;
        if (frame.WantsAcknowledgement && _state.Script.Acknowledges)
        {
            Publish(frame.ResponseChannelId, new ResponseDelta
            {
                RequestId = frame.RequestId,
                FinishReason = FinishReasons.Delta,
                IsAcknowledgement = true,
            });
        }

        _state.Requests.Add(request);
        Run(ending => AnswerAsync(request, ending));
        return ValueTask.CompletedTask;
    }

    private async Task AnswerAsync(FakeRequest request, CancellationToken ending)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ending);
        Task stopping = CancelWithAsync(request.Cancelled, stop);
        var sequences = new List<Task>();
        for (int i = 0; i < request.Prompts.Count; i++)
        {
            WirePrompt prompt = request.Frame.Prompts[i];
            for (int candidate = 0; candidate < prompt.CandidateCount; candidate++)
            {
                var writer = new ReplyWriter(this, request.Frame, prompt, candidate, Interlocked.Increment(ref _lastSequenceId));
                sequences.Add(AnswerAsync(request.Prompts[i], writer, stop.Token));
            }
        }

        await Task.WhenAll(sequences).ConfigureAwait(false);
        _active.TryRemove((request.Frame.ResponseChannelId, request.Frame.RequestId), out _);
        await stop.CancelAsync().ConfigureAwait(false);
        await stopping.ConfigureAwait(false);
    }

    // Never throws: an error in a script is sent to the client, so that the test sees it.
    private async Task AnswerAsync(FakePrompt prompt, ReplyWriter writer, CancellationToken stop)
    {
        try
        {
            await _state.Script.ReplyTo(prompt).PlayAsync(writer, stop).ConfigureAwait(false);
            if (!writer.HasEnded)
            {
                writer.Finish(FinishReason.Stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            if (!writer.HasEnded && !_hasEnded)
            {
                writer.Finish(FinishReasons.Cancelled);
            }
        }
        catch (Exception e)
        {
            writer.Fail($"The script failed: {e}", ErrorCode.Internal);
        }
    }

    private static async Task CancelWithAsync(Task cancelled, CancellationTokenSource stop)
    {
        try
        {
            await cancelled.WaitAsync(stop.Token).ConfigureAwait(false);
            await stop.CancelAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The request ended by itself.
        }
    }

    private async Task BeatAsync(TimeSpan period)
    {
        using var timer = new PeriodicTimer(period, Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_ending.Token).ConfigureAwait(false))
            {
                Publish(_management.Heartbeat(_active.Count));
            }
        }
        catch (OperationCanceledException)
        {
            // The engine has ended.
        }
    }
}

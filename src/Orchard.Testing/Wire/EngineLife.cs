using System.Buffers;
using System.Collections.Concurrent;
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

namespace Orchard.Testing.Wire;

/// <summary>
/// One life of the scripted engine, as one process would be: its connections, what it has loaded, what it is at. Over after a crash;
/// the script and the records belong to the <see cref="FakeEngine"/> and live on. Thread-safe.
/// </summary>
internal sealed class EngineLife : IAsyncDisposable
{
    private readonly FakeEngine _engine;
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
    private volatile bool _isOver;

    public EngineLife(FakeEngine engine, int processId)
    {
        _engine = engine;
        ProcessId = processId;
        _management = new EngineManagement(this, engine);
        _requests = new PullSocket(OnRequest, SpOptions.Default);
        _commands = new RepSocket(_management.AnswerAsync, SpOptions.Default);
        _closed = new Lazy<Task>(CloseOnceAsync);
        if (engine.Script.HeartbeatPeriod is { } period)
        {
            _running.Add(BeatAsync(period));
        }
    }

    public int ProcessId { get; }

    public TimeProvider Time => _engine.Time;

    /// <summary>Whether the engine has begun to die.</summary>
    public bool IsOver => _isOver;

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
        IpcTransport.OpenAsync(Serve(_requests), Serve(_responses), Serve(_commands), onEvent, Time, NullLogger.Instance, cancellationToken);

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

    /// <summary>Stops what it is at for a client.</summary>
    public void Cancel(ManagementCommand command)
    {
        if (command is { ResponseChannelId: { } channel, RequestId: { } id } && _active.TryGetValue((channel, id), out FakeRequest? request))
        {
            request.Cancel();
        }
    }

    /// <summary>Does work of its own until the end of this life.</summary>
    public void Run(Func<CancellationToken, Task> work) => _running.Add(Task.Run(() => work(_ending.Token), CancellationToken.None));

    /// <summary>Dies, as <see cref="CrashAsync"/>, without waiting: a part of this life cannot wait for its end.</summary>
    public void BeginEnd(bool torn) => _ = CrashAsync(torn);

    /// <summary>Closes the connections behind what is being sent, inside a message if asked to.</summary>
    public async Task CrashAsync(bool torn)
    {
        _isOver = true;
        await _responses.EndAsync(torn).ConfigureAwait(false);
        await _closed.Value.ConfigureAwait(false);
    }

    /// <summary>Closes everything and waits until nothing of this life runs any more.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closed.Value.ConfigureAwait(false);
        await Task.WhenAll(_running).ConfigureAwait(false);
    }

    private async Task CloseOnceAsync()
    {
        _isOver = true;
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
        if (frame.WantsAcknowledgement && _engine.Script.Acknowledges)
        {
            Publish(frame.ResponseChannelId, new ResponseDelta
            {
                RequestId = frame.RequestId,
                FinishReason = FinishReasons.Delta,
                IsAcknowledgement = true,
            });
        }

        _engine.Record(request);
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

    // Never throws: what goes wrong in a script is told to the client, so that the test sees it.
    private async Task AnswerAsync(FakePrompt prompt, ReplyWriter writer, CancellationToken stop)
    {
        try
        {
            await _engine.Script.ReplyTo(prompt).PlayAsync(writer, stop).ConfigureAwait(false);
            if (!writer.HasEnded)
            {
                writer.Finish(FinishReason.Stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            if (!writer.HasEnded && !_isOver)
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
            // This life is over.
        }
    }
}

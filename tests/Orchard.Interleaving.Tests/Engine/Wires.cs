using System.Buffers;
using Orchard.Interleaving;
using Orchard.Protocol;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Messages.Requests;
using Orchard.Protocol.Messages.Requests.Codec;
using Orchard.Protocol.Sockets;

namespace Orchard;

/// <summary>One of the three connections to a simulated engine, before a socket is made of it. Carries no bytes itself.</summary>
internal sealed class EngineStream(SimulatedEngine engine) : MemoryStream
{
    public SimulatedEngine Engine { get; } = engine;
}

/// <summary>Stands in for unix-domain sockets, which the code compiled here names but does not reach.</summary>
internal static class UnixSocket
{
    public static void ValidatePath(string path) => ArgumentException.ThrowIfNullOrEmpty(path);

    public static Task<Stream> ConnectAsync(string path, CancellationToken cancellationToken) => throw new NotSupportedException(path);
}

/// <summary>What the three sockets have in common: an end.</summary>
internal abstract class SimulatedSocket : IAsyncDisposable
{
    private readonly TaskCompletionSource<ConnectionEnd> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    protected SimulatedSocket(SimulatedEngine engine)
    {
        Engine = engine;
        engine.Attach(this);
    }

    public Task<ConnectionEnd> Completion => _completion.Task;

    protected SimulatedEngine Engine { get; }

    public bool IsClosed { get; private set; }

    /// <summary>The connection is over.</summary>
    public void Close(ConnectionEndReason reason)
    {
        if (!IsClosed)
        {
            IsClosed = true;
            OnClosed(new ConnectionEnd(reason));
        }
    }

    public async ValueTask DisposeAsync()
    {
        Schedule.Point("closes a socket");
        Close(ConnectionEndReason.Disposed);
        await Completion.ConfigureAwait(false);
    }

    protected virtual void OnClosed(ConnectionEnd end) => Complete(end);

    protected void Complete(ConnectionEnd end) => _completion.TrySetResult(end);
}

/// <summary>Sends requests to a simulated engine.</summary>
internal sealed class PushSocket : SimulatedSocket
{
    private PushSocket(SimulatedEngine engine)
        : base(engine)
    {
    }

    public static Task<PushSocket> OpenAsync(Stream stream, SpOptions options, CancellationToken cancellationToken) =>
        Task.FromResult(new PushSocket(((EngineStream)stream).Engine));

    /// <summary>Cancellation counts until the first byte is written, and the write may take a while after that.</summary>
    public async ValueTask SendAsync(ReadOnlySequence<byte> message, CancellationToken cancellationToken)
    {
        await Engine.Schedule.LaterAsync("a write waits its turn").WaitAsync(cancellationToken).ConfigureAwait(false);
        if (IsClosed)
        {
            throw new ConnectionClosedException(await Completion.ConfigureAwait(false));
        }

        WireRequest frame = WireRequestReader.Read(message);
        await Engine.Schedule.LaterAsync("a write gets through").ConfigureAwait(false);
        Engine.Accept(frame);
    }
}

/// <summary>Receives what a simulated engine publishes, on a read loop.</summary>
internal sealed class SubSocket : SimulatedSocket
{
    private readonly Channel<byte[]> _arrived = Channel.CreateUnbounded<byte[]>(new System.Threading.Channels.UnboundedChannelOptions());
    private bool _isDisposed;

    private SubSocket(SimulatedEngine engine)
        : base(engine)
    {
    }

    public static Task<SubSocket> OpenAsync(
        Stream stream, Func<ReadOnlySequence<byte>, ValueTask> handler, SpOptions options, CancellationToken cancellationToken)
    {
        var socket = new SubSocket(((EngineStream)stream).Engine);
        _ = Task.Run(() => socket.ReadAsync(handler), "a read loop");
        socket.Engine.Assign(socket);
        return Task.FromResult(socket);
    }

    public ulong ChannelId { get; } = ResponseChannel.Assign();

    /// <summary>Completes when the client, whose process was stopped, goes on reading.</summary>
    public Task Resumed { get; set; } = Task.CompletedTask;

    public void Publish(byte[] message) => _arrived.TryWrite(message);

    // What was on its way when the engine died still arrives; what was when we closed does not.
    protected override void OnClosed(ConnectionEnd end)
    {
        _isDisposed = end.Reason == ConnectionEndReason.Disposed;
        _arrived.TryComplete();
        Engine.OnClosed(this);
    }

    private async Task ReadAsync(Func<ReadOnlySequence<byte>, ValueTask> handler)
    {
        while (await _arrived.WaitToReadAsync().ConfigureAwait(false))
        {
            while (_arrived.TryRead(out byte[]? message))
            {
                await Resumed.ConfigureAwait(false);
                if (!_isDisposed)
                {
                    await handler(new ReadOnlySequence<byte>(message)).ConfigureAwait(false);
                }
            }
        }

        Complete(new ConnectionEnd(_isDisposed ? ConnectionEndReason.Disposed : ConnectionEndReason.PeerClosed));
    }
}

/// <summary>Sends commands to a simulated engine.</summary>
internal sealed class ReqSocket : SimulatedSocket
{
    private ReqSocket(SimulatedEngine engine)
        : base(engine)
    {
    }

    public static Task<ReqSocket> OpenAsync(Stream stream, SpOptions options, CancellationToken cancellationToken) =>
        Task.FromResult(new ReqSocket(((EngineStream)stream).Engine));

    /// <summary>The channel of its client; null before it is known.</summary>
    public ulong? ChannelId { get; private set; }

    protected override void OnClosed(ConnectionEnd end)
    {
        Engine.OnClosed(this);
        base.OnClosed(end);
    }

    public async Task<byte[]> RequestAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        await Engine.Schedule.LaterAsync("a command is on its way").WaitAsync(cancellationToken).ConfigureAwait(false);
        if (!IsClosed)
        {
            ManagementCommand command = ManagementJson.DecodeCommand(new ReadOnlySequence<byte>(request));
            ChannelId = command.Type == ManagementCommand.ClientBind ? command.ResponseChannelId : ChannelId;
            Task<ManagementReply?> reply = Engine.AnswerAsync(command);
            await Task.WhenAny(reply, Completion).WaitAsync(cancellationToken).ConfigureAwait(false);
            if (!IsClosed && reply.IsCompletedSuccessfully && reply.Result is { } answer)
            {
                return ManagementJson.Encode(answer);
            }
        }

        throw new ConnectionClosedException(await Completion.WaitAsync(cancellationToken).ConfigureAwait(false));
    }
}

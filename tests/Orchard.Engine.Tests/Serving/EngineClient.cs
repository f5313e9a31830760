using System.Buffers;
using System.Threading.Channels;
using Orchard.Protocol;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Deltas;
using Orchard.Protocol.Messages.Events;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Messages.Requests;
using Orchard.Protocol.Messages.Requests.Codec;
using Orchard.Protocol.Sockets;
using Orchard.TestSupport;

namespace Orchard.Engine.Tests.Serving;

/// <summary>A client with one response channel that uses an engine's three sockets.</summary>
internal sealed class EngineClient : IAsyncDisposable
{
    private readonly Channel<ResponseDelta> _deltas = Channel.CreateUnbounded<ResponseDelta>();
    private readonly Channel<EngineEvent> _events = Channel.CreateUnbounded<EngineEvent>();
    private readonly TaskCompletionSource<ulong> _assigned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TopicFilter _topics;
    private long _foreignBytes;
    private long _responseBytes;
    private PushSocket _push = null!;
    private SubSocket _sub = null!;
    private ReqSocket _req = null!;

    private EngineClient(ulong channelId)
    {
        ChannelId = channelId;
        _topics = new TopicFilter(channelId);
    }

    public ulong ChannelId { get; private set; }

    /// <summary>Bytes of responses received that were for other clients.</summary>
    public long ForeignBytes => Volatile.Read(ref _foreignBytes);

    /// <summary>Bytes of responses received that were for this client.</summary>
    public long ResponseBytes => Volatile.Read(ref _responseBytes);

    /// <summary>Completes when the engine has closed the request connection.</summary>
    public Task<ConnectionEnd> RequestConnectionEnd => _push.Completion;

    public Task<ConnectionEnd> ResponseConnectionEnd => _sub.Completion;

    public static async Task<EngineClient> ConnectAsync(EngineRoot root, ulong channelId)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        var client = new EngineClient(channelId);
        client._sub = await SubSocket.OpenAsync(
            await UnixSocket.ConnectAsync(root.ResponseSocket, cancellationToken), client.OnMessageAsync, SpOptions.Default, cancellationToken)
            .OrBroken("the response connection");
        client._push = await PushSocket.OpenAsync(
            await UnixSocket.ConnectAsync(root.RequestSocket, cancellationToken), SpOptions.Default, cancellationToken)
            .OrBroken("the request connection");
        client._req = await ReqSocket.OpenAsync(
            await UnixSocket.ConnectAsync(root.ManagementSocket, cancellationToken), SpOptions.Default, cancellationToken)
            .OrBroken("the management connection");
        return client;
    }

    /// <summary>Connects as an Orchard client does: with the channel that the engine assigns.</summary>
    public static async Task<EngineClient> ConnectBoundAsync(EngineRoot root)
    {
        EngineClient client = await ConnectAsync(root, channelId: 1);
        client.ChannelId = await client._assigned.Task.OrBroken("the channel that the engine assigns");
        client._topics = new TopicFilter(client.ChannelId);
        ManagementReply reply = await client.ExecuteAsync(
            new ManagementCommand { Type = ManagementCommand.ClientBind, ResponseChannelId = client.ChannelId });
        Assert.Equal(ManagementReply.OkStatus, reply.Status);
        return client;
    }

    /// <summary>Closes the response connection and keeps the others.</summary>
    public ValueTask CloseResponsesAsync() => _sub.DisposeAsync();

    public async Task<ManagementReply> ExecuteAsync(ManagementCommand command) => ManagementJson.DecodeReply(
        await _req.RequestAsync(ManagementJson.Encode(command), TestContext.Current.CancellationToken).OrBroken($"the reply to {command.Type}"));

    public async Task SendAsync(WireRequest request)
    {
        var bytes = new ArrayBufferWriter<byte>();
        WireRequestWriter.Write(request, bytes);
        await _push.SendAsync(new ReadOnlySequence<byte>(bytes.WrittenMemory), TestContext.Current.CancellationToken).AsTask().OrBroken("the request to be sent");
    }

    /// <summary>Reads the deltas of the next sequence up to its final delta.</summary>
    public async Task<IReadOnlyList<ResponseDelta>> ReadSequenceAsync()
    {
        List<ResponseDelta> deltas = [];
        do
        {
            deltas.Add(await _deltas.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().OrBroken("a delta"));
        }
        while (!deltas[^1].IsFinal);

        return deltas;
    }

    /// <summary>Reads the next event of a type and skips others.</summary>
    public async Task<T> NextEventAsync<T>()
        where T : EngineEvent
    {
        while (true)
        {
            EngineEvent next = await _events.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().OrBroken($"a {typeof(T).Name}");
            if (next is T wanted)
            {
                return wanted;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _push.DisposeAsync();
        await _req.DisposeAsync();
        await _sub.DisposeAsync();
    }

    private ValueTask OnMessageAsync(ReadOnlySequence<byte> message)
    {
        switch (_topics.Classify(message, out ReadOnlySequence<byte> payload))
        {
            case TopicKind.Assignment when Topic.ReadAssignment(payload) is { } channel:
                _assigned.TrySetResult(channel);
                break;

            case TopicKind.Foreign:
                Interlocked.Add(ref _foreignBytes, message.Length);
                break;

            case TopicKind.Response:
                Interlocked.Add(ref _responseBytes, message.Length);
                _deltas.Writer.TryWrite(ResponseDeltaReader.Read(payload));
                break;

            case TopicKind.Event when EngineEventReader.Read(payload) is { } engineEvent:
                _events.Writer.TryWrite(engineEvent);
                break;
        }

        return ValueTask.CompletedTask;
    }
}

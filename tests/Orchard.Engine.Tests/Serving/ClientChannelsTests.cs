using System.Net.Sockets;
using System.Text;
using Orchard.Engine.Serving.Publishing;
using Orchard.Protocol;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Deltas;
using Orchard.Protocol.Messages.Events;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Sockets;
using Orchard.TestSupport;

namespace Orchard.Engine.Tests.Serving;

public sealed class ClientChannelsTests : IAsyncDisposable
{
    private const int Limit = 512 * 1024;
    private const ulong PieChannel = 77ul << 32;

    private readonly TempDirectory _directory = new();
    private readonly List<ulong> _closed = [];
    private readonly TaskCompletionSource<ConnectionEnd> _firstEnd = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ClientChannels _channels;
    private readonly PubSocket _pub;
    private readonly EnginePublisher _publisher;
    private readonly UnixSocketListener _listener;

    public ClientChannelsTests()
    {
        _channels = new ClientChannels((channel, _) =>
        {
            lock (_closed)
            {
                Assert.False(_channels!.IsUsableBy(channel, default)); // so that no request is accepted after this one call
                _closed.Add(channel);
            }
        });
        _pub = new PubSocket(SpOptions.Default with { MaxQueuedBytes = Limit }, _channels);
        _publisher = new EnginePublisher(_pub, _channels, TimeProvider.System);
        _listener = UnixSocketListener.Start(Socket, _pub, end => _firstEnd.TrySetResult(end));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Socket => Path.Combine(_directory.Path, "s");

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        _publisher.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Connect_FirstMessageAssignsAChannelOfItsOwn()
    {
        await using Peer one = await Peer.ConnectAsync(Socket);
        await using Peer other = await Peer.ConnectAsync(Socket);

        Assert.True(ResponseChannel.IsAssigned(one.Channel));
        Assert.NotEqual(one.Channel, other.Channel);
        Assert.True(_channels.TryBind(one.Channel, Own()));
    }

    [Fact]
    public async Task Bind_FromAnotherProcess_IsRefused()
    {
        await using Peer peer = await Peer.ConnectAsync(Socket);

        Assert.False(_channels.TryBind(peer.Channel, new PeerProcess(IsReported: true, Environment.ProcessId + 1)));
        Assert.False(_channels.IsUsableBy(peer.Channel, new PeerProcess(IsReported: true, Environment.ProcessId + 1)));
        Assert.False(_channels.TryBind(ResponseChannel.Assign(), Own()));
        Assert.True(_channels.TryBind(peer.Channel, new PeerProcess(IsReported: true, Id: null))); // not visible, but knows the channel
    }

    [Fact]
    public async Task Queue_DoesNotReadWhileOthersAreAnswered_IsNotCutOff()
    {
        await using Peer paused = await Peer.ConnectAsync(Socket);
        await using Peer busy = await Peer.ConnectAsync(Socket);
        Assert.True(_channels.TryBind(paused.Channel, Own()));
        Assert.True(_channels.TryBind(busy.Channel, Own()));

        for (int i = 0; i < 40; i++)
        {
            Answer(busy.Channel, bytes: 100_000);
            await busy.ReadAsync($"resp:{busy.Channel:x}:");
        }

        Answer(PieChannel, bytes: 100_000); // of a client that chose its channel itself
        Answer(paused.Channel, bytes: 10);
        Assert.Contains($"resp:{paused.Channel:x}:", await paused.ReadAsync(""), StringComparison.Ordinal);
        Assert.Equal(ChannelStates.Open, _channels.StateOf(paused.Channel));
    }

    [Fact]
    public async Task Queue_LeavesItsOwnAnswersUnread_IsCutOffAloneAndToldWhy()
    {
        await using Peer paused = await Peer.ConnectAsync(Socket);
        await using Peer other = await Peer.ConnectAsync(Socket);

        while (_channels.StateOf(paused.Channel) == ChannelStates.Open && !_firstEnd.Task.IsCompleted)
        {
            Answer(paused.Channel, bytes: 100_000);
        }

        Assert.Equal(ConnectionEndReason.TooSlow, (await _firstEnd.Task.OrBroken("the end of the connection")).Reason);
        Assert.Equal(ChannelStates.OutputLimitExceeded, _channels.StateOf(paused.Channel));
        Assert.Equal([paused.Channel], _closed);
        Answer(paused.Channel, bytes: 10); // goes nowhere
        Answer(other.Channel, bytes: 10);
        await other.ReadAsync($"resp:{other.Channel:x}:");
    }

    [Fact]
    public async Task PublishReplaceable_NobodyReads_DoesNotAccumulate()
    {
        await using Peer paused = await Peer.ConnectAsync(Socket);
        var heartbeat = new TelemetryEvent(new Telemetry { Models = [.. Enumerable.Range(0, 100).Select(_ => new TelemetryModel { CanonicalId = new string('m', 100), RequestedId = "m", LoadState = "ready" })] });

        for (int i = 0; i < 1000; i++)
        {
            _publisher.PublishReplaceable(heartbeat);
        }

        Answer(paused.Channel, bytes: 1000);
        await paused.ReadAsync($"resp:{paused.Channel:x}:");
        Assert.Equal(ChannelStates.Open, _channels.StateOf(paused.Channel));
    }

    [Fact]
    public async Task Queue_ClientsThatChoseTheirChannels_GetEverythingOfEachOther()
    {
        await using Peer bound = await Peer.ConnectAsync(Socket);
        await using Peer pie = await Peer.ConnectAsync(Socket);
        Assert.True(_channels.TryBind(bound.Channel, Own()));

        Answer(PieChannel, bytes: 10);
        Answer(bound.Channel, bytes: 10);

        await pie.ReadAsync($"resp:{PieChannel:x}:");
        Assert.StartsWith($"resp:{bound.Channel:x}:", await bound.ReadAsync(""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task StateOf_ManyCutOff_RemembersTheLast()
    {
        var subscribers = new List<ulong>();
        for (int i = 0; i < 1100; i++)
        {
            await using var connection = new SpConnection(Stream.Null, SpProtocol.Pub, SpOptions.Default, CancellationToken.None);
            var subscriber = new PubSubscriber(connection, SpOptions.Default with { MaxQueuedBytes = 100 });
            _channels.OnJoining(subscriber);
            subscriber.Queue(new byte[200]);
            _channels.OnLeft(subscriber);
            subscribers.Add(subscriber.Id);
        }

        Assert.Equal(1024, subscribers.Count(channel => _channels.StateOf(channel) == ChannelStates.OutputLimitExceeded));
        Assert.Equal(ChannelStates.OutputLimitExceeded, _channels.StateOf(subscribers[^1]));
    }

    private static PeerProcess Own() => new(IsReported: true, Environment.ProcessId);

    private void Answer(ulong channel, int bytes)
    {
        _publisher.Queue(channel, new ResponseDelta { RequestId = 1, Content = new string('a', bytes) });
        _publisher.Flush();
    }

    // A subscriber that reads only when told to.
    private sealed class Peer : IAsyncDisposable
    {
        private readonly NetworkStream _stream;

        private Peer(NetworkStream stream) => _stream = stream;

        public ulong Channel { get; private set; }

        public static async Task<Peer> ConnectAsync(string path)
        {
            var stream = (NetworkStream)await UnixSocket.ConnectAsync(path, Cancellation);
            await stream.WriteAsync(SpHeader.Encode(SpProtocol.Sub), Cancellation);
            await stream.ReadExactlyAsync(new byte[SpHeader.Length], Cancellation).AsTask().OrBroken("the engine's header");
            var peer = new Peer(stream);
            string first = await peer.ReadAsync("");
            Assert.StartsWith("__ORCHARD_CHANNEL__:", first, StringComparison.Ordinal);
            peer.Channel = Convert.ToUInt64(first["__ORCHARD_CHANNEL__:".Length..], 16);
            return peer;
        }

        /// <summary>Reads messages until one begins with the text.</summary>
        public async Task<string> ReadAsync(string start)
        {
            while (true)
            {
                byte[] header = new byte[SpFrame.HeaderLength];
                await _stream.ReadExactlyAsync(header, Cancellation).AsTask().OrBroken($"a message that begins with '{start}'");
                byte[] message = new byte[System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(header.AsSpan(1))];
                await _stream.ReadExactlyAsync(message, Cancellation).AsTask().OrBroken("the rest of a message");
                string text = Encoding.UTF8.GetString(message);
                if (text.StartsWith(start, StringComparison.Ordinal))
                {
                    return text;
                }
            }
        }

        public ValueTask DisposeAsync() => _stream.DisposeAsync();
    }
}

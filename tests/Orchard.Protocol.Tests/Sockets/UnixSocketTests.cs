using System.Buffers;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using Nerdbank.Streams;
using Orchard.Protocol.Sockets;

namespace Orchard.Protocol.Tests.Sockets;

public class UnixSocketTests
{
    private static readonly PullSocket Pull = new(static _ => ValueTask.CompletedTask, SpOptions.Default);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void ValidatePath_AtTheLimit_Passes() => UnixSocket.ValidatePath("/" + new string('x', UnixSocket.MaxPathBytes - 1));

    [Fact]
    public void ValidatePath_AboveTheLimit_NamesLengthAndLimit()
    {
        string path = "/" + new string('x', UnixSocket.MaxPathBytes);

        var error = Assert.Throws<ArgumentException>(() => UnixSocket.ValidatePath(path));

        Assert.Equal("path", error.ParamName);
        Assert.Contains($"{UnixSocket.MaxPathBytes + 1} bytes", error.Message, StringComparison.Ordinal);
        Assert.Contains($"allows {UnixSocket.MaxPathBytes}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ValidatePath_ManyByteCharacters_CountsUtf8Bytes() =>
        Assert.Throws<ArgumentException>(() => UnixSocket.ValidatePath("/" + new string('ü', (UnixSocket.MaxPathBytes / 2) + 1)));

    [Theory]
    [InlineData("")]
    [InlineData("\0abstract")]
    public void ValidatePath_NotAFile_Throws(string path) => Assert.Throws<ArgumentException>(() => UnixSocket.ValidatePath(path));

    [Fact]
    public async Task Connect_NoClientConnected_ThrowsSocketException()
    {
        using var folder = new SocketFolder();

        await Assert.ThrowsAsync<SocketException>(() => UnixSocket.ConnectAsync(folder.Socket, Cancellation));
    }

    [Fact]
    public async Task Listener_PathOfMaximalLength_Serves()
    {
        using var folder = new SocketFolder();
        string path = folder.File(new string('x', UnixSocket.MaxPathBytes - folder.File("x").Length + 1));
        await using UnixSocketListener listener = UnixSocketListener.Start(path, Pull);

        await using PushSocket push = await PushAsync(path);
    }

    [Fact]
    public void Listener_PathTooLong_ThrowsBeforeAnythingIsBound()
    {
        using var folder = new SocketFolder();

        Assert.Throws<ArgumentException>(() => { UnixSocketListener.Start(folder.File(new string('x', 120)), Pull); });
    }

    [Fact]
    public void Listener_FolderMissing_ThrowsIOExceptionNamingThePath()
    {
        using var folder = new SocketFolder();
        string path = folder.File("missing/s");

        var error = Assert.Throws<IOException>(() => { UnixSocketListener.Start(path, Pull); });

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listener_AllThreePairs_TalkOverSocketFiles()
    {
        using var folder = new SocketFolder();
        var pushed = Channel.CreateUnbounded<string>();
        var published = Channel.CreateUnbounded<string>();
        var pub = new PubSocket(SpOptions.Default);
        await using UnixSocketListener pullListener = UnixSocketListener.Start(
            folder.File("pull"), new PullSocket(message => pushed.Writer.WriteAsync(RawPeer.Text(message)), SpOptions.Default));
        await using UnixSocketListener pubListener = UnixSocketListener.Start(folder.File("pub"), pub);
        await using UnixSocketListener repListener = UnixSocketListener.Start(
            folder.File("rep"), new RepSocket((_, _) => ValueTask.FromResult<ReadOnlyMemory<byte>>("pong"u8.ToArray()), SpOptions.Default));

        await using PushSocket push = await PushAsync(folder.File("pull"));
        await using SubSocket sub = await SubSocket.OpenAsync(
            await UnixSocket.ConnectAsync(folder.File("pub"), Cancellation),
            message => published.Writer.WriteAsync(RawPeer.Text(message)),
            SpOptions.Default,
            Cancellation);
        await using ReqSocket req = await ReqSocket.OpenAsync(
            await UnixSocket.ConnectAsync(folder.File("rep"), Cancellation), SpOptions.Default, Cancellation);

        await push.SendAsync(RawPeer.Bytes("pushed"), Cancellation);
        Assert.Equal("pushed", await pushed.Reader.ReadAsync(Cancellation).AsTask().Within("the pushed message"));
        pub.Publish("published"u8);
        Assert.Equal("published", await published.Reader.ReadAsync(Cancellation).AsTask().Within("the published message"));
        byte[] reply = await req.RequestAsync("ping"u8.ToArray(), Cancellation).Within("the reply");
        Assert.Equal("pong", Encoding.UTF8.GetString(reply));
    }

    [Fact]
    public async Task Push_MessageOfManySegments_ArrivesWhole()
    {
        using var folder = new SocketFolder();
        var pushed = Channel.CreateUnbounded<byte[]>();
        await using UnixSocketListener listener = UnixSocketListener.Start(
            folder.Socket, new PullSocket(message => pushed.Writer.WriteAsync(message.ToArray()), SpOptions.Default));
        await using PushSocket push = await PushAsync(folder.Socket);
        using var message = new Sequence<byte>();
        byte[] bytes = new byte[4 * 1024 * 1024];
        new Random(3).NextBytes(bytes);
        for (int at = 0; at < bytes.Length; at += 8192)
        {
            message.Append(bytes.AsMemory(at, 8192));
        }

        await push.SendAsync(message.AsReadOnlySequence, Cancellation).AsTask().Within("the send");
        await push.SendAsync(RawPeer.Bytes("next"), Cancellation).AsTask().Within("the next send");

        byte[] received = await pushed.Reader.ReadAsync(Cancellation).AsTask().Within("the long message");
        Assert.True(bytes.AsSpan().SequenceEqual(received));
        Assert.Equal("next"u8.ToArray(), await pushed.Reader.ReadAsync(Cancellation).AsTask().Within("the next message"));
    }

    [Fact]
    public async Task Push_DisposedWhileThePeerDoesNotRead_EndsTheSend()
    {
        using var folder = new SocketFolder();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using UnixSocketListener listener = UnixSocketListener.Start(
            folder.Socket, new PullSocket(_ => new ValueTask(gate.Task), SpOptions.Default));
        PushSocket push = await PushAsync(folder.Socket);
        await push.SendAsync(RawPeer.Bytes("blocks the handler"), Cancellation);
        Task sending = push.SendAsync(new ReadOnlySequence<byte>(new byte[16 * 1024 * 1024]), Cancellation).AsTask();

        await push.DisposeAsync().AsTask().Within("the disposal");

        var error = await Assert.ThrowsAsync<ConnectionClosedException>(() => sending.Within("the end of the send"));
        Assert.Equal(ConnectionEndReason.Disposed, error.End.Reason);
        gate.SetResult();
    }

    /// <summary>Reading continues where the handler continues: on its dedicated thread, or on the pool after a handler has waited.</summary>
    [Fact]
    public async Task Pull_HandlerThatWaits_GetsTheNextMessagesAllTheSame()
    {
        using var folder = new SocketFolder();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var pushed = Channel.CreateUnbounded<string>();
        await using UnixSocketListener listener = UnixSocketListener.Start(folder.Socket, new PullSocket(
            async message =>
            {
                string text = RawPeer.Text(message);
                await (text == "second" ? gate.Task : Task.CompletedTask);
                await pushed.Writer.WriteAsync(text);
            },
            SpOptions.Default));
        await using PushSocket push = await PushAsync(folder.Socket);

        await push.SendAsync(RawPeer.Bytes("first"), Cancellation);
        Assert.Equal("first", await pushed.Reader.ReadAsync(Cancellation).AsTask().Within("the first message"));
        await push.SendAsync(RawPeer.Bytes("second"), Cancellation);
        await push.SendAsync(RawPeer.Bytes("third"), Cancellation);
        gate.SetResult();

        Assert.Equal("second", await pushed.Reader.ReadAsync(Cancellation).AsTask().Within("the second message"));
        Assert.Equal("third", await pushed.Reader.ReadAsync(Cancellation).AsTask().Within("the third message"));
        await push.SendAsync(RawPeer.Bytes("fourth"), Cancellation);
        Assert.Equal("fourth", await pushed.Reader.ReadAsync(Cancellation).AsTask().Within("the fourth message"));
    }

    [Fact]
    public async Task Sub_DisposedWhileItWaitsForBytes_EndsAsDisposed()
    {
        using var folder = new SocketFolder();
        await using UnixSocketListener listener = UnixSocketListener.Start(folder.Socket, new PubSocket(SpOptions.Default));
        SubSocket sub = await SubSocket.OpenAsync(
            await UnixSocket.ConnectAsync(folder.Socket, Cancellation), static _ => ValueTask.CompletedTask, SpOptions.Default, Cancellation);

        await sub.DisposeAsync().AsTask().Within("the socket to close");

        Assert.Equal(ConnectionEndReason.Disposed, (await sub.Completion).Reason);
    }

    [Fact]
    public async Task Sub_PeerThatSendsNoHeader_IsGivenUpInTime()
    {
        using var folder = new SocketFolder();
        using Socket listener = UnixSocket.Create();
        listener.Bind(new SocketPathEndPoint(folder.Socket));
        listener.Listen();
        var time = new FakeTimeProvider();

        Task<SubSocket> opening = SubSocket.OpenAsync(
            await UnixSocket.ConnectAsync(folder.Socket, Cancellation),
            static _ => ValueTask.CompletedTask,
            SpOptions.Default with { TimeProvider = time },
            Cancellation);
        using Socket peer = await listener.AcceptAsync(Cancellation);
        byte[] header = new byte[SpHeader.Length];
        await peer.ReceiveAsync(header, Cancellation); // by now its clock runs
        time.Advance(SpOptions.Default.NegotiationTimeout);

        await Assert.ThrowsAsync<IOException>(() => opening.Within("the attempt to end"));
    }

    [Fact]
    public async Task Listener_Started_FileIsPrivate()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        using var folder = new SocketFolder();
        await using UnixSocketListener listener = UnixSocketListener.Start(folder.Socket, Pull);

        Assert.True(SocketFile.IsSocket(folder.Socket));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.Socket));
        }
    }

    [Fact]
    public async Task Listener_StaleSocketFile_IsReplaced()
    {
        using var folder = new SocketFolder();
        using (Socket crashed = UnixSocket.Create())
        {
            crashed.Bind(new SocketPathEndPoint(folder.Socket));
            crashed.Listen();
        }

        Assert.True(SocketFile.IsSocket(folder.Socket));
        await using UnixSocketListener listener = UnixSocketListener.Start(folder.Socket, Pull);
        await using PushSocket push = await PushAsync(folder.Socket);
    }

    [Fact]
    public async Task Listener_AnotherListens_ThrowsAndLeavesItAlone()
    {
        using var folder = new SocketFolder();
        await using UnixSocketListener first = UnixSocketListener.Start(folder.Socket, Pull);

        var error = Assert.Throws<SocketInUseException>(() => { UnixSocketListener.Start(folder.Socket, Pull); });

        Assert.Contains("another process is already listening", error.Message, StringComparison.Ordinal);
        await using PushSocket push = await PushAsync(folder.Socket);
    }

    [Theory]
    [InlineData("")]
    [InlineData("precious")]
    public void Listener_FileInTheWay_ThrowsAndLeavesTheFile(string content)
    {
        using var folder = new SocketFolder();
        File.WriteAllText(folder.Socket, content);

        var error = Assert.Throws<IOException>(() => { UnixSocketListener.Start(folder.Socket, Pull); });

        Assert.Contains("not a socket", error.Message, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(folder.Socket));
    }

    [Fact]
    public void Listener_FolderInTheWay_ThrowsAndLeavesIt()
    {
        using var folder = new SocketFolder();
        Directory.CreateDirectory(folder.Socket);

        Assert.Throws<IOException>(() => { UnixSocketListener.Start(folder.Socket, Pull); });

        Assert.True(Directory.Exists(folder.Socket));
    }

    [Fact]
    public async Task Listener_Disposed_ClosesConnectionsReportsTheirEndsAndRemovesTheFile()
    {
        using var folder = new SocketFolder();
        var ends = Channel.CreateUnbounded<ConnectionEnd>();
        UnixSocketListener listener = UnixSocketListener.Start(folder.Socket, Pull, end => ends.Writer.TryWrite(end));
        await using PushSocket push = await PushAsync(folder.Socket);

        await listener.DisposeAsync().Within("the disposal");

        Assert.True(ends.Reader.TryRead(out ConnectionEnd end));
        Assert.Equal(ConnectionEndReason.Disposed, end.Reason);
        Assert.False(File.Exists(folder.Socket));
        Assert.Equal(ConnectionEndReason.PeerClosed, (await push.Completion.Within("the end seen by the peer")).Reason);
        await listener.DisposeAsync().Within("the second disposal");
    }

    [Fact]
    public async Task Listener_DisposedAfterASuccessorBound_LeavesTheSuccessorsFile()
    {
        using var folder = new SocketFolder();
        UnixSocketListener first = UnixSocketListener.Start(folder.Socket, Pull);
        File.Delete(folder.Socket);
        await using UnixSocketListener successor = UnixSocketListener.Start(folder.Socket, Pull);

        // Times stand in for inode numbers. Wait until they differ, however coarse the file system's clock is.
        File.SetLastWriteTimeUtc(folder.Socket, File.GetLastWriteTimeUtc(folder.Socket).AddSeconds(1));
        await first.DisposeAsync();

        await using PushSocket push = await PushAsync(folder.Socket);
    }

    [Fact]
    public async Task Listener_PeerLeavesWithUnreadBytes_IsNotAFault()
    {
        using var folder = new SocketFolder();
        var ends = Channel.CreateUnbounded<ConnectionEnd>();
        var pub = new PubSocket(SpOptions.Default);
        await using UnixSocketListener listener = UnixSocketListener.Start(folder.Socket, pub, end => ends.Writer.TryWrite(end));
        await using (Stream stream = await UnixSocket.ConnectAsync(folder.Socket, Cancellation))
        {
            await stream.WriteAsync(SpHeader.Encode(SpProtocol.Sub), Cancellation);
            await stream.ReadExactlyAsync(new byte[SpHeader.Length], Cancellation).AsTask().Within("the header");
            pub.Publish("unread"u8);
            await stream.ReadExactlyAsync(new byte[1], Cancellation).AsTask().Within("the first byte of the message");
        }

        ConnectionEnd end = await ends.Reader.ReadAsync(Cancellation).AsTask().Within("the end of the connection");
        Assert.Equal(ConnectionEndReason.PeerClosed, end.Reason);
    }

    [Fact]
    public async Task Listener_FiftyPeersAtOnce_AllConnect()
    {
        using var folder = new SocketFolder();
        await using UnixSocketListener listener = UnixSocketListener.Start(folder.Socket, Pull);

        PushSocket[] peers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => PushAsync(folder.Socket)));

        foreach (PushSocket peer in peers)
        {
            await peer.DisposeAsync();
        }
    }

    [Fact]
    public void UserId_ListeningAndConnected_AreOurs()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows does not report the user of a peer.");
        using var folder = new SocketFolder();
        using Socket listening = UnixSocket.Create();
        listening.Bind(new SocketPathEndPoint(folder.Socket));
        listening.Listen();
        using Socket client = UnixSocket.Create();
        client.Connect(new UnixDomainSocketEndPoint(folder.Socket));
        using Socket accepted = listening.Accept();

        Assert.NotNull(UnixPeer.OwnUserId);
        Assert.Equal(UnixPeer.OwnUserId, UnixPeer.UserId(accepted));
        Assert.Equal(UnixPeer.OwnUserId, UnixPeer.UserId(client));
        Assert.Equal(new PeerProcess(IsReported: true, Environment.ProcessId), UnixPeer.Process(accepted));
        Assert.Equal(new PeerProcess(IsReported: true, Environment.ProcessId), UnixPeer.Process(client));
    }

    [Fact]
    public async Task Connect_ListenerOfAnotherUser_IsRefusedBeforeAnythingIsSent()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows does not report the user of a peer.");
        using var folder = new SocketFolder();
        using Socket listening = UnixSocket.Create();
        listening.Bind(new SocketPathEndPoint(folder.Socket));
        listening.Listen();
        uint self = UnixPeer.OwnUserId!.Value;

        // The listener is ours, so that somebody else is expected.
        var refusal = await Assert.ThrowsAsync<ForeignUserException>(() => UnixSocket.ConnectAsync(folder.Socket, self + 1, Cancellation));

        using Socket accepted = await listening.AcceptAsync(Cancellation);
        Assert.Equal(0, await accepted.ReceiveAsync(new byte[16], SocketFlags.None, Cancellation).AsTask().Within("the end of the connection"));
        Assert.Contains($"user {self} listens on '{folder.Socket}'", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, 7, 7)] // a container's process as seen from outside, whatever it claims
    [InlineData(true, null, null)] // not visible: no process is believed
    [InlineData(false, null, 1)] // the platform does not tell
    public void PeerProcess_OfWhatIsReportedAndClaimed_BelievesTheReport(bool isReported, int? reported, int? believed) =>
        Assert.Equal(believed, new PeerProcess(isReported, reported).IdOr(claimed: 1));

    [Theory]
    [InlineData(1000u, 1000u, true)]
    [InlineData(0u, 1000u, true)]
    [InlineData(1001u, 1000u, false)]
    [InlineData(1000u, 0u, false)]
    [InlineData(null, 1000u, true)]
    public void MayConnect_OnlyOneselfAndRoot(uint? peer, uint? self, bool allowed) => Assert.Equal(allowed, UnixPeer.MayConnect(peer, self));

    private static async Task<PushSocket> PushAsync(string path) =>
        await PushSocket.OpenAsync(await UnixSocket.ConnectAsync(path, Cancellation), SpOptions.Default, Cancellation)
            .Within("the connection to the listener");
}

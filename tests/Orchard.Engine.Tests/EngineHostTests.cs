using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orchard.Engine.Hosting;
using Orchard.Engine.Serving.Clients;
using Orchard.Engine.Serving.Models;
using Orchard.Engine.Tests.Serving;
using Orchard.Protocol;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Deltas;
using Orchard.Protocol.Messages.Events;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Messages.Requests;
using Orchard.Protocol.Messages.Requests.Codec;
using Orchard.Protocol.Processes;
using Orchard.Protocol.Sockets;
using Orchard.TestSupport;

namespace Orchard.Engine.Tests;

public sealed class EngineHostTests : IDisposable
{
    // The one that the operating system reports.
    private static readonly int ClientPid = Environment.ProcessId;

    private readonly TempDirectory _directory = new();
    private readonly FakeTimeProvider _time = new();
    private readonly FakeProcesses _processes = new();
    private readonly FakeModelLoader _loader = new() { GatesDecodes = false };

    private EngineRoot Root => EngineRoot.At(_directory.Path);

    public void Dispose()
    {
        _loader.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Start_WritesIdentityAndDisposeRemovesEverythingButTheLock()
    {
        EngineHost host = await StartAsync();

        Assert.Equal($"{Environment.ProcessId}\n", await File.ReadAllTextAsync(Root.PidFile, TestContext.Current.CancellationToken));
        Assert.True(File.Exists(Root.ReadyFile));
        Assert.True(File.Exists(Root.RequestSocket) && File.Exists(Root.ResponseSocket) && File.Exists(Root.ManagementSocket));
        await host.DisposeAsync().AsTask().OrBroken("the end of the host");

        Assert.Equal(
            [Path.GetFileName(Root.InstanceLockFile)],
            Directory.EnumerateFiles(_directory.Path, "*", SearchOption.AllDirectories).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Start_NamespaceTaken_FailsNamingThePid()
    {
        await using EngineHost first = await StartAsync();
        _processes.Start(Environment.ProcessId);

        var refusal = await Assert.ThrowsAsync<EngineStartException>(() => StartAsync());

        Assert.Equal(EngineExitCode.AlreadyRunning, refusal.ExitCode);
        Assert.Contains($"process {Environment.ProcessId}", refusal.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Root.PidFile));
    }

    [Fact]
    public async Task Start_PredecessorIsAboutToLeave_WaitsForIt()
    {
        Root.Create();
        FileLock predecessor = FileLock.TryAcquire(Root.InstanceLockFile)!;

        Task<EngineHost> starting = StartAsync();
        Assert.False(starting.IsCompleted);
        predecessor.Dispose();
        _time.Advance(TimeSpan.FromMilliseconds(100));

        await using EngineHost host = await starting.OrBroken("the start");
    }

    [Fact]
    public async Task Start_SocketPathTooLong_CannotBind()
    {
        string deep = Path.Combine(_directory.Path, new string('x', 100));

        var refusal = await Assert.ThrowsAsync<EngineStartException>(() => StartAsync(root: EngineRoot.At(deep)));

        Assert.Equal(EngineExitCode.CannotBind, refusal.ExitCode);
        Assert.False(File.Exists(EngineRoot.At(deep).PidFile));
    }

    [Fact]
    public async Task Dispose_PidFileOfASuccessor_IsLeftAlone()
    {
        EngineHost host = await StartAsync();
        await File.WriteAllTextAsync(Root.PidFile, "999999\n", TestContext.Current.CancellationToken);

        await host.DisposeAsync().AsTask().OrBroken("the end of the host");

        Assert.Equal("999999\n", await File.ReadAllTextAsync(Root.PidFile, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Start_PidFileIsSomethingElse_CannotBindAndLeavesIt()
    {
        Root.Create();
        await File.WriteAllTextAsync(Root.PidFile, "notes", TestContext.Current.CancellationToken);

        var refusal = await Assert.ThrowsAsync<EngineStartException>(() => StartAsync());

        Assert.Equal(EngineExitCode.CannotBind, refusal.ExitCode);
        Assert.Contains(Root.PidFile, refusal.Message, StringComparison.Ordinal);
        Assert.Equal("notes", await File.ReadAllTextAsync(Root.PidFile, TestContext.Current.CancellationToken));
        Assert.False(File.Exists(Root.ManagementSocket));
    }

    [Fact]
    public async Task WaitForEnd_ShutdownCommand_Ends()
    {
        await using EngineHost host = await StartAsync();
        await using EngineClient client = await EngineClient.ConnectAsync(Root, Channel(1));
        Task ending = host.WaitForEndAsync(Never());

        await client.ExecuteAsync(new ManagementCommand { Type = ManagementCommand.Shutdown });

        await ending.OrBroken("the engine to leave");
    }

    [Fact]
    public async Task Client_LoadsAndAsks_GetsTheAnswer()
    {
        await using EngineHost host = await StartAsync();
        await using EngineClient client = await EngineClient.ConnectAsync(Root, Channel(1));

        ManagementReply loaded = await client.ExecuteAsync(Load());
        await client.SendAsync(Request(client));
        IReadOnlyList<ResponseDelta> deltas = await client.ReadSequenceAsync();

        Assert.Equal(ManagementReply.OkStatus, loaded.Status);
        Assert.Equal("Paris.", string.Concat(deltas.Select(delta => delta.Content)));
        Assert.Equal("stop", deltas[^1].FinishReason);
    }

    [Fact]
    public async Task Client_AsksForAModelThatIsNotLoaded_GetsTheCode()
    {
        await using EngineHost host = await StartAsync();
        await using EngineClient client = await EngineClient.ConnectAsync(Root, Channel(1));

        await client.SendAsync(Request(client));

        Assert.Equal(ErrorCode.ModelNotLoaded, Assert.Single(await client.ReadSequenceAsync()).Extras?.ErrorCode);
    }

    [Fact]
    public async Task Heartbeat_TellsPidAndModels()
    {
        await using EngineHost host = await StartAsync();
        await using EngineClient client = await EngineClient.ConnectAsync(Root, Channel(1));
        await client.ExecuteAsync(Load());

        _time.Advance(TimeSpan.FromMilliseconds(100));
        Telemetry telemetry = (await client.NextEventAsync<TelemetryEvent>()).Telemetry;

        Assert.Equal(Environment.ProcessId, telemetry.Health.Pid);
        Assert.False(telemetry.Health.ShuttingDown);
        TelemetryModel model = Assert.Single(telemetry.Models);
        Assert.Equal(("model", TelemetryModel.ReadyState, true), (model.CanonicalId, model.LoadState, model.RuntimeActive));
    }

    [Fact]
    public async Task RequestSocket_HugeLength_ClosesThatConnectionAndNoOther()
    {
        await using EngineHost host = await StartAsync();
        await using EngineClient good = await EngineClient.ConnectAsync(Root, Channel(1));
        await good.ExecuteAsync(Load());

        await using Stream bad = await OpenRawAsync(Root.RequestSocket, SpProtocol.Push);
        byte[] lie = new byte[9];
        lie[0] = 1;
        BinaryPrimitives.WriteUInt64BigEndian(lie.AsSpan(1), 1ul << 60);
        await bad.WriteAsync(lie, TestContext.Current.CancellationToken);

        Assert.Equal(0, await ReadToEndAsync(bad).OrBroken("the engine to close the connection"));
        await good.SendAsync(Request(good));
        Assert.Equal("stop", (await good.ReadSequenceAsync())[^1].FinishReason);
    }

    [Fact]
    public async Task RequestSocket_FrameOfGarbage_LeavesTheConnectionOpen()
    {
        await using EngineHost host = await StartAsync();
        await using EngineClient watcher = await EngineClient.ConnectAsync(Root, Channel(1));
        await watcher.ExecuteAsync(Load());
        await using Stream raw = await OpenRawAsync(Root.RequestSocket, SpProtocol.Push);

        await raw.WriteAsync(Framed(Encoding.UTF8.GetBytes("garbage")), TestContext.Current.CancellationToken);
        var request = new System.Buffers.ArrayBufferWriter<byte>();
        WireRequestWriter.Write(Request(watcher), request);
        await raw.WriteAsync(Framed(request.WrittenSpan), TestContext.Current.CancellationToken);

        Assert.Equal("stop", (await watcher.ReadSequenceAsync())[^1].FinishReason);
    }

    [Fact]
    public async Task Presence_LastClientDies_EngineLeavesAfterTheGrace()
    {
        await using EngineHost host = await StartAsync();
        _processes.Start(ClientPid);
        await RegisterAsync(ClientPid);
        Task ending = host.WaitForEndAsync(Never());

        await AdvanceAsync(TimeSpan.FromMinutes(5));
        Assert.False(ending.IsCompleted);
        _processes.End(ClientPid);
        await AdvanceUntilAsync(ending);

        await ending.OrBroken("the engine to leave");
    }

    [Fact]
    public async Task Presence_ConnectedWithoutRegistration_EngineStays()
    {
        await using EngineHost host = await StartAsync();
        EngineClient client = await EngineClient.ConnectAsync(Root, Channel(1));
        await client.ExecuteAsync(Load());
        Task ending = host.WaitForEndAsync(Never());

        await AdvanceAsync(TimeSpan.FromMinutes(5));
        Assert.False(ending.IsCompleted);
        await client.DisposeAsync();
        await AdvanceUntilAsync(ending);

        await ending.OrBroken("the engine to leave");
    }

    [Fact]
    public async Task Presence_ModelIsKept_EngineStaysUntilItLeavesAndTenSecondsMore()
    {
        await using EngineHost host = await StartAsync();
        EngineClient client = await EngineClient.ConnectAsync(Root, Channel(1));
        await client.ExecuteAsync(Load());
        Task ending = host.WaitForEndAsync(Never());
        await client.DisposeAsync();

        await AdvanceAsync(TimeSpan.FromSeconds(299));
        Assert.False(ending.IsCompleted);
        await AdvanceUntilAsync(ending);

        await ending.OrBroken("the engine to leave");
    }

    [Fact]
    public async Task Presence_ModelIsKeptButTheGraceTimeIsSet_EngineLeavesAfterIt()
    {
        await using EngineHost host = await StartAsync(grace: TimeSpan.FromSeconds(20));
        EngineClient client = await EngineClient.ConnectAsync(Root, Channel(1));
        await client.ExecuteAsync(Load());
        Task ending = host.WaitForEndAsync(Never());
        await client.DisposeAsync();

        long start = _time.GetTimestamp();
        await AdvanceUntilAsync(ending);

        await ending.OrBroken("the engine to leave");
        Assert.InRange(_time.GetElapsedTime(start), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(250));
    }

    [Fact]
    public async Task Presence_NobodyEverComes_EngineLeavesAfterTheFirstClientLimit()
    {
        await using EngineHost host = await StartAsync();
        Task ending = host.WaitForEndAsync(Never());

        await AdvanceAsync(PresenceRule.FirstClientLimit - TimeSpan.FromSeconds(1));
        Assert.False(ending.IsCompleted);
        await AdvanceUntilAsync(ending);

        await ending.OrBroken("the engine to leave");
    }

    [Fact]
    public async Task Presence_ClientDiesWhileItsRequestRuns_TheRequestIsCancelled()
    {
        using var loader = new FakeModelLoader { GatesDecodes = true };
        await using EngineHost host = await StartAsync(loader);
        await using EngineClient watcher = await EngineClient.ConnectAsync(Root, Channel(ClientPid));
        await watcher.ExecuteAsync(Load());
        _processes.Start(ClientPid);
        await RegisterAsync(ClientPid);
        await watcher.SendAsync(Request(watcher));
        await loader.Decoder!.EnteredAsync();

        _processes.End(ClientPid);
        await AdvanceAsync(ClientWatch.Period * 2);
        loader.Decoder.OpenGate();

        Assert.Equal("cancelled", (await watcher.ReadSequenceAsync())[^1].FinishReason);
    }

    [Fact]
    public async Task Dispose_RequestRuns_ConnectionsEndAndNothingHangs()
    {
        EngineHost host = await StartAsync(new FakeModelLoader { Answer = new string('a', 200) });
        await using EngineClient client = await EngineClient.ConnectAsync(Root, Channel(1));
        await client.ExecuteAsync(Load());
        await client.SendAsync(Request(client));

        await host.DisposeAsync().AsTask().OrBroken("the end of the host");
        await host.DisposeAsync().AsTask().OrBroken("a second end of the host");

        await client.ResponseConnectionEnd.OrBroken("the end of the response connection");
        await client.RequestConnectionEnd.OrBroken("the end of the request connection");
    }

    private static ulong Channel(int pid) => ((ulong)pid << 32) | 1;

    private static Task<string> Never() =>
        new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously).Task;

    private Task<EngineHost> StartAsync(IModelLoader? loader = null, EngineRoot? root = null, TimeSpan? grace = null) => EngineHost.StartAsync(
        new EngineOptions { Root = root ?? Root, Grace = grace },
        new EngineFiles(root ?? Root),
        loader ?? _loader,
        _processes,
        _time,
        NullLoggerFactory.Instance);

    private ManagementCommand Load() => new()
    {
        Type = ManagementCommand.LoadModel,
        CanonicalId = "model",
        RequestedId = "model",
        ModelPath = _directory.File("m/model.gguf"),
        WaitForCompletion = true,
    };

    private static WireRequest Request(EngineClient client) => new()
    {
        RequestId = 1,
        ModelId = "model",
        ModelPath = "unused",
        ResponseChannelId = client.ChannelId,
        Prompts = [ServingHarness.Prompt()],
    };

    private async Task RegisterAsync(int pid)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        await using ReqSocket req = await ReqSocket.OpenAsync(
            await UnixSocket.ConnectAsync(Root.ManagementSocket, cancellationToken), SpOptions.Default, cancellationToken);
        byte[] command = ManagementJson.Encode(new ManagementCommand { Type = ManagementCommand.ClientRegister, ClientPid = pid });
        ManagementReply reply = ManagementJson.DecodeReply(await req.RequestAsync(command, cancellationToken).OrBroken("the registration"));
        Assert.Equal(ManagementReply.OkStatus, reply.Status);
    }

    // In small steps, each seen by the watch: a periodic timer keeps one tick, however far the clock jumps.
    private async Task AdvanceAsync(TimeSpan time)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += ClientWatch.Period)
        {
            _time.Advance(ClientWatch.Period);
            await Task.Yield();
        }
    }

    private async Task AdvanceUntilAsync(Task task)
    {
        using var limit = new CancellationTokenSource(Limits.Broken);
        while (!task.IsCompleted && !limit.IsCancellationRequested)
        {
            _time.Advance(ClientWatch.Period);
            await Task.Yield();
        }
    }

    private static async Task<Stream> OpenRawAsync(string path, SpProtocol protocol)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), TestContext.Current.CancellationToken);
        var stream = new NetworkStream(socket, ownsSocket: true);
        await stream.WriteAsync(new byte[] { 0, (byte)'S', (byte)'P', 0, 0, (byte)protocol, 0, 0 }, TestContext.Current.CancellationToken);
        byte[] header = new byte[8];
        await stream.ReadExactlyAsync(header, TestContext.Current.CancellationToken).AsTask().OrBroken("the engine's header");
        return stream;
    }

    private static byte[] Framed(ReadOnlySpan<byte> message)
    {
        byte[] framed = new byte[9 + message.Length];
        framed[0] = 1;
        BinaryPrimitives.WriteUInt64BigEndian(framed.AsSpan(1), (ulong)message.Length);
        message.CopyTo(framed.AsSpan(9));
        return framed;
    }

    private static async Task<int> ReadToEndAsync(Stream stream)
    {
        try
        {
            return await stream.ReadAsync(new byte[16], TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}

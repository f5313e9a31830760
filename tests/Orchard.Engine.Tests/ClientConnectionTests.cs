using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orchard.Engine.Serving.Clients;
using Orchard.Engine.Tests.Serving;
using Orchard.Protocol;
using Orchard.Protocol.Messages.Deltas;
using Orchard.Protocol.Messages.Events;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Messages.Requests;
using Orchard.TestSupport;

namespace Orchard.Engine.Tests;

/// <summary>An engine knows its clients by their connections.</summary>
public sealed class ClientConnectionTests : IDisposable
{
    private const int OtherPid = 501;

    private readonly TempDirectory _directory = new();
    private readonly FakeTimeProvider _time = new();
    private readonly FakeProcesses _processes = new();

    private EngineRoot Root => EngineRoot.At(_directory.Path);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task SixteenClientsOfFourStreams_EachReceivesItsOwnBytesOnly()
    {
        using var loader = new FakeModelLoader { GatesDecodes = false };
        await using EngineHost host = await StartAsync(loader);
        var clients = new List<EngineClient>();
        for (int i = 0; i < 16; i++)
        {
            clients.Add(await EngineClient.ConnectBoundAsync(Root));
        }

        await using EngineClient pie = await EngineClient.ConnectAsync(Root, Channel(OtherPid));
        await clients[0].ExecuteAsync(Load());
        await Task.WhenAll(clients.Select(client => AskAsync(client, streams: 4)));
        await AskAsync(pie, streams: 1);

        Assert.All(clients, client => Assert.Equal(0, client.ForeignBytes));
        Assert.All(clients, client => Assert.Equal(clients[0].ResponseBytes, client.ResponseBytes, tolerance: 600)); // ids differ in length
        Assert.Equal(0, pie.ForeignBytes);
        foreach (EngineClient client in clients)
        {
            await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task ResponseConnectionEnds_ItsRequestsAreCancelledAndNoOthers()
    {
        using var loader = new FakeModelLoader { GatesDecodes = true };
        await using EngineHost host = await StartAsync(loader);
        await using EngineClient leaver = await EngineClient.ConnectBoundAsync(Root);
        await using EngineClient stayer = await EngineClient.ConnectBoundAsync(Root);
        await leaver.ExecuteAsync(Load());
        await leaver.SendAsync(Request(leaver));
        await loader.Decoder!.EnteredAsync();
        await stayer.SendAsync(Request(stayer));

        await leaver.CloseResponsesAsync();
        await UntilAsync(stayer, telemetry => telemetry.Health.ActiveRequests == 2, "both requests");
        loader.Decoder.OpenGate();

        Assert.Equal("stop", (await stayer.ReadSequenceAsync())[^1].FinishReason);
        await UntilAsync(stayer, telemetry => telemetry.Health.ActiveRequests == 0, "the end of the request whose client left");
        Assert.Equal(
            ChannelStates.Closed,
            (await leaver.ExecuteAsync(new ManagementCommand { Type = ManagementCommand.ChannelStatus, ResponseChannelId = leaver.ChannelId })).Data!.ChannelStatus);
    }

    [Fact]
    public async Task RequestAfterTheResponseConnectionEnded_IsIgnored()
    {
        using var loader = new FakeModelLoader { GatesDecodes = false };
        await using EngineHost host = await StartAsync(loader);
        await using EngineClient leaver = await EngineClient.ConnectBoundAsync(Root);
        await using EngineClient stayer = await EngineClient.ConnectBoundAsync(Root);
        await leaver.ExecuteAsync(Load());
        await leaver.CloseResponsesAsync();
        await UntilGoneAsync(leaver);

        await leaver.SendAsync(Request(leaver));
        await leaver.DisposeAsync();
        await AskAsync(stayer, streams: 1);

        Telemetry telemetry = await UntilAsync(stayer, telemetry => telemetry.Health.ActiveRequests == 0, "the end of all requests");
        Assert.Equal(stayer.ResponseBytes > 0 ? 1 : 0, telemetry.Models.Count);
        Assert.Equal(loader.Answer.Length, telemetry.Models[0].Counters!.GeneratedTokens); // of one answer
    }

    [Fact]
    public async Task Register_OrchardClient_KeepsTheEngineWhileItIsConnectedWhateverItsProcess()
    {
        using var loader = new FakeModelLoader();
        await using EngineHost host = await StartAsync(loader);
        _processes.Start(Environment.ProcessId);
        EngineClient client = await EngineClient.ConnectBoundAsync(Root);
        await client.ExecuteAsync(new ManagementCommand
        {
            Type = ManagementCommand.ClientRegister,
            ClientPid = Environment.ProcessId,
            ProtocolVersion = ProtocolVersion.Current,
        });
        Task ending = host.WaitForEndAsync(Never());

        await AdvanceAsync(TimeSpan.FromMinutes(5));
        Assert.False(ending.IsCompleted);
        await client.DisposeAsync();
        await AdvanceUntilAsync(ending); // its process still runs

        await ending.OrBroken("the engine to leave");
    }

    [Fact]
    public async Task Register_ClaimsThePidOfAnotherProcess_DoesNotKeepTheEngine()
    {
        using var loader = new FakeModelLoader();
        await using EngineHost host = await StartAsync(loader);
        _processes.Start(1); // as every machine has one, and every container claims one
        EngineClient client = await EngineClient.ConnectAsync(Root, Channel(1));
        await client.ExecuteAsync(new ManagementCommand { Type = ManagementCommand.ClientRegister, ClientPid = 1 });
        await client.DisposeAsync();
        Task ending = host.WaitForEndAsync(Never());

        await AdvanceUntilAsync(ending);

        await ending.OrBroken("the engine to leave");
    }

    [Fact]
    public async Task ProcessWithTheClaimedPidEnds_TheRequestGoesOn()
    {
        using var loader = new FakeModelLoader { GatesDecodes = true };
        await using EngineHost host = await StartAsync(loader);
        _processes.Start(Environment.ProcessId);
        _processes.Start(OtherPid);
        await using EngineClient client = await EngineClient.ConnectAsync(Root, Channel(OtherPid));
        await client.ExecuteAsync(new ManagementCommand { Type = ManagementCommand.ClientRegister, ClientPid = OtherPid });
        await client.ExecuteAsync(Load());
        await client.SendAsync(Request(client));
        await loader.Decoder!.EnteredAsync();

        _processes.End(OtherPid);
        await AdvanceAsync(ClientWatch.Period * 4);
        loader.Decoder.OpenGate();

        Assert.Equal("stop", (await client.ReadSequenceAsync())[^1].FinishReason);
    }

    [Fact]
    public async Task HugeRequestRefused_IsAnsweredInOneShortDeltaAndOthersNoticeNothing()
    {
        using var loader = new FakeModelLoader();
        await using EngineHost host = await StartAsync(loader);
        await using EngineClient client = await EngineClient.ConnectBoundAsync(Root);
        await using EngineClient other = await EngineClient.ConnectAsync(Root, Channel(OtherPid));

        WirePrompt prompt = ServingHarness.Prompt() with { NumCandidates = 64 };
        await client.SendAsync(Request(client) with { ModelId = new string('m', 8_000_000), Prompts = [prompt] });
        ResponseDelta refusal = Assert.Single(await client.ReadSequenceAsync());

        Assert.Null(refusal.PromptIndex);
        Assert.InRange(client.ResponseBytes, 1, 10_000);
        Assert.Contains("more characters", refusal.Extras!.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(0, other.ForeignBytes);
    }

    [Fact]
    public async Task HugeRequestOfAPieCompatibleClientRefused_IsShort()
    {
        using var loader = new FakeModelLoader();
        await using EngineHost host = await StartAsync(loader);
        await using EngineClient client = await EngineClient.ConnectAsync(Root, Channel(OtherPid));

        WirePrompt prompt = ServingHarness.Prompt() with { NumCandidates = 64 };
        await client.SendAsync(Request(client) with { ModelId = new string('m', 8_000_000), Prompts = [prompt] });
        for (int candidate = 0; candidate < 64; candidate++)
        {
            Assert.Equal(candidate, Assert.Single(await client.ReadSequenceAsync()).CandidateIndex);
        }

        Assert.InRange(client.ResponseBytes, 1, 64 * 10_000);
    }

    [Fact]
    public async Task LoadWithAHugeId_IsRefusedAndNotInHeartbeats()
    {
        using var loader = new FakeModelLoader();
        await using EngineHost host = await StartAsync(loader);
        await using EngineClient client = await EngineClient.ConnectBoundAsync(Root);

        ManagementReply reply = await client.ExecuteAsync(Load() with { RequestedId = new string('m', 1_000_000) });

        Assert.Contains("1000000 characters", reply.Message, StringComparison.Ordinal);
        Assert.Empty((await UntilAsync(client, _ => true, "a heartbeat")).Models);
    }

    private static ulong Channel(int pid) => ((ulong)pid << 32) | 1;

    private static Task<string> Never() =>
        new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously).Task;

    private Task<EngineHost> StartAsync(FakeModelLoader loader) => EngineHost.StartAsync(
        new EngineOptions { Root = Root }, new EngineFiles(Root), loader, _processes, _time, NullLoggerFactory.Instance);

    private ManagementCommand Load() => new()
    {
        Type = ManagementCommand.LoadModel,
        CanonicalId = "model",
        RequestedId = "model",
        ModelPath = _directory.File("m/model.gguf"),
        WaitForCompletion = true,
    };

    private static WireRequest Request(EngineClient client, ulong id = 1) => new()
    {
        RequestId = id,
        ModelId = "model",
        ModelPath = "unused",
        ResponseChannelId = client.ChannelId,
        Prompts = [ServingHarness.Prompt()],
    };

    private static async Task AskAsync(EngineClient client, int streams)
    {
        for (ulong id = 1; id <= (ulong)streams; id++)
        {
            await client.SendAsync(Request(client, id));
        }

        for (int ended = 0; ended < streams;)
        {
            ended += (await client.ReadSequenceAsync())[^1].IsFinal ? 1 : 0;
        }
    }

    // Heartbeats come as the clock advances.
    private async Task<Telemetry> UntilAsync(EngineClient client, Func<Telemetry, bool> condition, string what)
    {
        using var limit = new CancellationTokenSource(Limits.Broken);
        while (!limit.IsCancellationRequested)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            Telemetry telemetry = (await client.NextEventAsync<TelemetryEvent>()).Telemetry;
            if (condition(telemetry))
            {
                return telemetry;
            }
        }

        throw new TimeoutException($"Waited in vain for {what}.");
    }

    private static async Task UntilGoneAsync(EngineClient client)
    {
        string? status = ChannelStates.Open;
        while (status == ChannelStates.Open)
        {
            status = (await client.ExecuteAsync(
                new ManagementCommand { Type = ManagementCommand.ChannelStatus, ResponseChannelId = client.ChannelId })).Data!.ChannelStatus;
        }
    }

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
}

using System.Buffers;
using System.Text;
using Orchard.Engine.Inference;
using Orchard.Engine.Serving;
using Orchard.Engine.Serving.Models;
using Orchard.Engine.Serving.Requests;
using Orchard.Protocol;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Events;
using Orchard.Protocol.Messages.Management;
using Orchard.TestSupport;

namespace Orchard.Engine.Tests.Serving;

public sealed class ManagementHandlerTests
{
    private static readonly ManagementCommand UnloadCommand = new() { Type = ManagementCommand.UnloadModel, CanonicalId = ServingHarness.ModelId };

    [Fact]
    public async Task LoadModel_NotLoaded_IsAcceptedAndTheEventFollowsAMomentLater()
    {
        await using var harness = new ServingHarness(new FakeModelLoader(gated: true));

        ManagementReply reply = await harness.ExecuteAsync(harness.LoadCommand());

        Assert.Equal(ManagementReply.AcceptedStatus, reply.Status);
        harness.Loader.Release();
        await LoadedAsync(harness);
        Assert.False(harness.Recorder.HasEvent);

        await AdvanceUntilEventAsync(harness);
        var loaded = Assert.IsType<ModelLoadedEvent>(await harness.Recorder.NextEventAsync());
        Assert.Equal(ServingHarness.ModelId, loaded.ModelId);
        Assert.Equal(42ul, loaded.Model.MinimumMemoryBytes);
    }

    [Fact]
    public async Task LoadModel_WaitForCompletion_AnswersOkWithData()
    {
        await using var harness = new ServingHarness();

        ManagementReply reply = await harness.ExecuteAsync(harness.LoadCommand(wait: true));

        Assert.Equal(ManagementReply.OkStatus, reply.Status);
        Assert.Equal(42ul, reply.Data?.LoadModel?.MinimumMemoryBytes);
    }

    [Fact]
    public async Task LoadModel_AlreadyLoaded_AnswersOkAtOnceEvenWithoutTheFile()
    {
        await using var harness = new ServingHarness();
        await harness.LoadAsync();
        File.Delete(harness.ModelPath);

        ManagementReply reply = await harness.ExecuteAsync(harness.LoadCommand());

        Assert.Equal(ManagementReply.OkStatus, reply.Status);
        Assert.NotNull(reply.Data?.LoadModel);
        Assert.Equal(1, harness.Loader.Loads);
    }

    [Fact]
    public async Task LoadModel_AHundredAtOnce_LoadsOnce()
    {
        await using var harness = new ServingHarness(new FakeModelLoader(gated: true));

        Task<ManagementReply>[] replies = [.. Enumerable.Range(0, 100).Select(_ => Task.Run(() => harness.ExecuteAsync(harness.LoadCommand(wait: true))))];
        harness.Loader.Release();
        harness.Loader.Release();

        Assert.All(await Task.WhenAll(replies), reply => Assert.Equal(ManagementReply.OkStatus, reply.Status));
        Assert.Equal(1, harness.Loader.Loads);
    }

    [Fact]
    public async Task UnloadModel_NobodyUsesIt_FreesItAndTheNextLoadLoadsAgain()
    {
        await using var harness = new ServingHarness();
        await harness.LoadAsync();

        Assert.Equal(ManagementReply.OkStatus, (await harness.ExecuteAsync(UnloadCommand)).Status);

        await harness.SendAsync(harness.Request());
        Assert.Equal(ErrorCode.ModelNotLoaded, (await harness.Recorder.ReadFinalsAsync(1))[^1].Extras?.ErrorCode);
        await harness.LoadAsync();
        Assert.Equal(2, harness.Loader.Loads);
    }

    [Fact]
    public async Task UnloadModel_SequencesRun_IsRefusedUntilTheyHaveEnded()
    {
        await using var harness = new ServingHarness(new FakeModelLoader { GatesDecodes = true });
        await harness.LoadAsync();
        await harness.SendAsync(harness.Request());
        await harness.Loader.Decoder!.EnteredAsync();

        Assert.Equal(ErrorCode.ModelInUse, (await harness.ExecuteAsync(UnloadCommand)).ErrorCode);

        harness.Loader.Decoder.OpenGate();
        await harness.Recorder.ReadFinalsAsync(1);
        while ((await harness.ExecuteAsync(UnloadCommand)).Status != ManagementReply.OkStatus)
        {
            await Task.Yield(); // the final delta is sent before the sequence leaves the batch
        }
    }

    [Fact]
    public async Task UnloadModel_Loading_IsRefused()
    {
        await using var harness = new ServingHarness(new FakeModelLoader(gated: true));
        await harness.ExecuteAsync(harness.LoadCommand());

        Assert.Equal(ErrorCode.ModelInUse, (await harness.ExecuteAsync(UnloadCommand)).ErrorCode);

        harness.Loader.Release();
    }

    [Fact]
    public async Task UnloadModel_NeverLoaded_IsOk()
    {
        await using var harness = new ServingHarness();

        Assert.Equal(ManagementReply.OkStatus, (await harness.ExecuteAsync(UnloadCommand)).Status);
    }

    [Fact]
    public async Task LoadModel_LoadFails_TellsTheCauseAndTheNextCommandTriesAgain()
    {
        await using var harness = new ServingHarness(new FakeModelLoader { LoadFailure = new IOException("tensor 7 is torn") });

        ManagementReply failed = await harness.ExecuteAsync(harness.LoadCommand(wait: true));
        await AdvanceUntilEventAsync(harness);
        var failure = Assert.IsType<ModelLoadFailedEvent>(await harness.Recorder.NextEventAsync());
        harness.Loader.LoadFailure = null;
        ManagementReply again = await harness.ExecuteAsync(harness.LoadCommand(wait: true));

        Assert.Equal(ManagementReply.ErrorStatus, failed.Status);
        Assert.Equal("tensor 7 is torn", failed.Message);
        Assert.Equal((ServingHarness.ModelId, "tensor 7 is torn"), (failure.ModelId, failure.Error));
        Assert.Equal(ManagementReply.OkStatus, again.Status);
    }

    [Fact]
    public async Task LoadModel_NewAttemptBeforeTheFailureIsTold_ReplacesTheFailure()
    {
        await using var harness = new ServingHarness(new FakeModelLoader { LoadFailure = new IOException("torn") });
        await harness.ExecuteAsync(harness.LoadCommand(wait: true));
        harness.Loader.LoadFailure = null;

        await harness.ExecuteAsync(harness.LoadCommand(wait: true));
        await AdvanceUntilEventAsync(harness);

        Assert.IsType<ModelLoadedEvent>(await harness.Recorder.NextEventAsync());
        Assert.False(harness.Recorder.HasEvent);
    }

    [Fact]
    public async Task LoadModel_PreCheckFails_IsRefusedInTheReply()
    {
        await using var harness = new ServingHarness(new FakeModelLoader { InspectFailure = new ModelFileException("x", "no GGUF magic") });

        ManagementReply reply = await harness.ExecuteAsync(harness.LoadCommand());

        Assert.Equal((ManagementReply.ErrorStatus, "no GGUF magic"), (reply.Status, reply.Message));
        Assert.Equal(0, harness.Loader.Loads);
    }

    [Theory]
    [InlineData(null, "model_path is missing")]
    [InlineData("relative.gguf", "relative")]
    [InlineData("/no/such/file.gguf", "no such file or folder")]
    public async Task LoadModel_UnusablePath_IsRefusedWithThePath(string? path, string expected)
    {
        await using var harness = new ServingHarness();

        ManagementReply reply = await harness.ExecuteAsync(harness.LoadCommand() with { ModelPath = path });

        Assert.Equal(ManagementReply.ErrorStatus, reply.Status);
        Assert.Contains(expected, reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoadModel_SameIdOtherFile_IsRefusedNamingBoth()
    {
        await using var harness = new ServingHarness();
        await harness.LoadAsync();
        string other = harness.Files.File("other.gguf");

        ManagementReply reply = await harness.ExecuteAsync(harness.LoadCommand(path: other));

        Assert.Equal(ManagementReply.ErrorStatus, reply.Status);
        Assert.Contains(harness.ModelPath, reply.Message, StringComparison.Ordinal);
        Assert.Contains(other, reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoadModel_FolderWithOneModel_LoadsIt()
    {
        await using var harness = new ServingHarness();

        ManagementReply reply = await harness.ExecuteAsync(harness.LoadCommand(wait: true, path: harness.Files.Path));

        Assert.Equal(ManagementReply.OkStatus, reply.Status);
    }

    [Fact]
    public async Task LoadModel_FolderWithTwoModels_IsRefusedNamingThem()
    {
        await using var harness = new ServingHarness();
        harness.Files.File("another.gguf");

        ManagementReply reply = await harness.ExecuteAsync(harness.LoadCommand(path: harness.Files.Path));

        Assert.Contains("another.gguf, model.gguf", reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CancelModelLoad_OnlyCommand_AbortsTheLoad()
    {
        await using var harness = new ServingHarness(new FakeModelLoader(gated: true));
        Task<ManagementReply> waiting = harness.ExecuteAsync(harness.LoadCommand(wait: true));

        ManagementReply reply = await harness.ExecuteAsync(CancelLoad());

        Assert.Equal(ManagementReply.OkStatus, reply.Status);
        Assert.Equal("The load was cancelled.", (await waiting).Message);
        Assert.Null(harness.Models.Find(ServingHarness.ModelId)?.Model);
    }

    [Fact]
    public async Task CancelModelLoad_AnotherClientStillWants_TheLoadGoesOn()
    {
        await using var harness = new ServingHarness(new FakeModelLoader(gated: true));
        Task<ManagementReply> first = harness.ExecuteAsync(harness.LoadCommand(wait: true));
        Task<ManagementReply> second = harness.ExecuteAsync(harness.LoadCommand(wait: true));

        await harness.ExecuteAsync(CancelLoad());
        harness.Loader.Release();

        Assert.Equal(ManagementReply.OkStatus, (await second).Status);
        Assert.Equal(ManagementReply.OkStatus, (await first).Status);
    }

    [Fact]
    public async Task CancelModelLoad_OvertakesItsOwnCommand_TakesNothingFromOtherClients()
    {
        await using var harness = new ServingHarness(new FakeModelLoader(gated: true));
        Task<ManagementReply> other = harness.ExecuteAsync(harness.LoadCommand(wait: true) with { ResponseChannelId = 1, LoadId = 7 });

        await harness.ExecuteAsync(CancelLoad() with { ResponseChannelId = 2, LoadId = 7 });
        ManagementReply overtaken = await harness.ExecuteAsync(harness.LoadCommand(wait: true) with { ResponseChannelId = 2, LoadId = 7 });
        harness.Loader.Release();

        Assert.Equal("The load was cancelled.", overtaken.Message);
        Assert.Equal(ManagementReply.OkStatus, (await other).Status);
    }

    [Fact]
    public async Task LoadModel_ConnectionOfTheOnlyOneWhoWaitsEnds_TheLoadIsAborted()
    {
        await using var harness = new ServingHarness(new FakeModelLoader(gated: true));
        using var connection = new CancellationTokenSource();
        Task<ManagementReply> waiting = harness.Management.ExecuteAsync(
            harness.LoadCommand(wait: true) with { ResponseChannelId = 1, LoadId = 7 }, harness.Sender, connection.Token).AsTask();

        await connection.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.False(harness.Models.Find(ServingHarness.ModelId)!.IsLoading);
    }

    [Fact]
    public async Task CancelModelLoad_ThenLoadAgain_StartsANewAttempt()
    {
        await using var harness = new ServingHarness(new FakeModelLoader(gated: true));
        Task<ManagementReply> first = harness.ExecuteAsync(harness.LoadCommand(wait: true));
        await harness.ExecuteAsync(CancelLoad());

        Task<ManagementReply> second = harness.ExecuteAsync(harness.LoadCommand(wait: true));

        // Released once per attempt, since the first one may have passed the gate before its abort.
        harness.Loader.Release();
        harness.Loader.Release();

        Assert.Equal(ManagementReply.OkStatus, (await second).Status);
        Assert.Equal(ManagementReply.ErrorStatus, (await first).Status);
    }

    [Fact]
    public async Task CancelModelLoad_UnknownModel_IsOk()
    {
        await using var harness = new ServingHarness();

        Assert.Equal(ManagementReply.OkStatus, (await harness.ExecuteAsync(CancelLoad())).Status);
    }

    [Fact]
    public async Task CancelRequest_Unknown_IsOk()
    {
        await using var harness = new ServingHarness();

        ManagementReply reply = await harness.ExecuteAsync(new ManagementCommand { Type = ManagementCommand.CancelRequest, RequestId = 9 });

        Assert.Equal(ManagementReply.OkStatus, reply.Status);
    }

    [Fact]
    public async Task CancelRequest_SameIdOfTwoClientsWithoutChannel_CancelsNeither()
    {
        await using var harness = new ServingHarness();
        ActiveRequestPair pair = new(harness);

        ManagementReply reply = await harness.ExecuteAsync(new ManagementCommand { Type = ManagementCommand.CancelRequest, RequestId = 9 });

        Assert.Equal(ManagementReply.ErrorStatus, reply.Status);
        Assert.Contains("response_channel_id", reply.Message, StringComparison.Ordinal);
        Assert.False(pair.FirstCancelled || pair.SecondCancelled);
    }

    [Fact]
    public async Task CancelRequest_WithChannel_CancelsThatOne()
    {
        await using var harness = new ServingHarness();
        ActiveRequestPair pair = new(harness);

        await harness.ExecuteAsync(new ManagementCommand { Type = ManagementCommand.CancelRequest, RequestId = 9, ResponseChannelId = 2 });

        Assert.Equal((false, true), (pair.FirstCancelled, pair.SecondCancelled));
    }

    [Fact]
    public async Task ClientRegister_Twice_IsOneLease()
    {
        await using var harness = new ServingHarness();
        harness.Processes.Start(ServingHarness.ClientPid);

        await harness.ExecuteAsync(Client(ManagementCommand.ClientRegister));
        ManagementReply reply = await harness.ExecuteAsync(Client(ManagementCommand.ClientRegister));

        Assert.Equal(ManagementReply.OkStatus, reply.Status);
        Assert.Equal(1, harness.Leases.Count);
    }

    [Fact]
    public async Task ClientRegister_InvisibleProcess_IsOkWithoutALease()
    {
        await using var harness = new ServingHarness();

        ManagementReply reply = await harness.ExecuteAsync(Client(ManagementCommand.ClientRegister));

        Assert.Equal(ManagementReply.OkStatus, reply.Status);
        Assert.Equal(0, harness.Leases.Count);
    }

    [Fact]
    public async Task ClientRegister_OtherProtocolVersion_IsRefusedNamingBoth()
    {
        await using var harness = new ServingHarness();

        ManagementReply reply = await harness.ExecuteAsync(Client(ManagementCommand.ClientRegister) with { ProtocolVersion = 99 });

        Assert.Equal(ManagementReply.ErrorStatus, reply.Status);
        Assert.Contains("99", reply.Message, StringComparison.Ordinal);
        Assert.Contains($"version {ProtocolVersion.Current}", reply.Message, StringComparison.Ordinal);
        Assert.Equal(ProtocolVersion.Current, reply.Data!.ClientRegister!.ProtocolVersion);
        Assert.Equal(0, harness.Leases.Count);
    }

    [Fact]
    public async Task Shutdown_AsksTheHostAndRefusesNewcomers()
    {
        await using var harness = new ServingHarness();
        Assert.False(harness.Management.ShutdownRequested.IsCompleted);

        ManagementReply reply = await harness.ExecuteAsync(new ManagementCommand { Type = ManagementCommand.Shutdown });

        Assert.Equal(ManagementReply.OkStatus, reply.Status);
        await harness.Management.ShutdownRequested.OrBroken("the host to be asked");
        Assert.Contains("shutting down", (await harness.ExecuteAsync(Client(ManagementCommand.ClientRegister))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    [InlineData(-5)]
    public async Task ClientRegister_NoUsablePid_IsRefused(int? pid)
    {
        await using var harness = new ServingHarness();

        ManagementReply reply = await harness.ExecuteAsync(new ManagementCommand { Type = ManagementCommand.ClientRegister, ClientPid = pid });

        Assert.Equal(ManagementReply.ErrorStatus, reply.Status);
    }

    [Fact]
    public async Task ClientRegister_ShuttingDown_IsRefused()
    {
        await using var harness = new ServingHarness();
        harness.Management.BeginShutdown();

        ManagementReply reply = await harness.ExecuteAsync(Client(ManagementCommand.ClientRegister));

        Assert.Contains("shutting down", reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ClientDeregister_EndsTheLeaseAndLeavesTheProcessesRequestsAlone()
    {
        await using var harness = new ServingHarness();
        harness.Processes.Start(ServingHarness.ClientPid);
        await harness.ExecuteAsync(Client(ManagementCommand.ClientRegister));
        var mine = harness.Active.TryAdd(ServingHarness.Channel, 1, 1, 10)!;

        ManagementReply reply = await harness.ExecuteAsync(Client(ManagementCommand.ClientDeregister));

        Assert.Equal(ManagementReply.OkStatus, reply.Status);
        Assert.False(mine.CancellationToken.IsCancellationRequested);
        Assert.Equal(0, harness.Leases.Count);
    }

    [Fact]
    public async Task InspectModelSource_ModelFile_TellsWhatTheFormatterNeeds()
    {
        await using var harness = new ServingHarness();

        ManagementReply reply = await harness.ExecuteAsync(
            new ManagementCommand { Type = ManagementCommand.InspectModelSource, RequestedId = "x", ModelPath = harness.ModelPath });

        ModelSource source = reply.Data!.InspectModelSource!;
        Assert.Equal(("model", harness.ModelPath, "gguf", "llama", "llama"), (source.CanonicalId, source.ModelPath, source.SourceFormat, source.Architecture, source.ModelType));
        Assert.Equal("{\"model_type\":\"llama\"}", source.FormatterConfig!.Value.GetRawText());
    }

    [Fact]
    public async Task InspectModelSource_NoModel_IsRefused()
    {
        await using var harness = new ServingHarness(new FakeModelLoader { InspectFailure = new ModelFileException("x", "not a model") });

        ManagementReply reply = await harness.ExecuteAsync(
            new ManagementCommand { Type = ManagementCommand.InspectModelSource, RequestedId = "x", ModelPath = harness.ModelPath });

        Assert.Equal((ManagementReply.ErrorStatus, "not a model"), (reply.Status, reply.Message));
    }

    [Theory]
    [InlineData("""{"type":"dance"}""", "dance")]
    [InlineData("""{"typ":"load_model"}""", "")]
    [InlineData("[]", "")]
    [InlineData("no json", "")]
    public async Task Handle_UnknownOrBroken_RepliesWithAnError(string json, string expected)
    {
        await using var harness = new ServingHarness();

        ReadOnlyMemory<byte> bytes = await harness.Management.HandleAsync(
            new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(json)), harness.Sender, TestContext.Current.CancellationToken);

        ManagementReply reply = ManagementJson.DecodeReply(bytes);
        Assert.Equal(ManagementReply.ErrorStatus, reply.Status);
        Assert.Contains(expected, reply.Message, StringComparison.Ordinal);
    }

    private static ManagementCommand CancelLoad() => new()
    {
        Type = ManagementCommand.CancelModelLoad,
        RequestedId = "requested",
        CanonicalId = ServingHarness.ModelId,
    };

    private static ManagementCommand Client(string type) => new() { Type = type, ClientPid = ServingHarness.ClientPid };

    private static async Task LoadedAsync(ServingHarness harness)
    {
        // Joins the load, so it returns when the load has ended.
        await harness.ExecuteAsync(harness.LoadCommand(wait: true));
    }

    // The delay may not have started yet when the clock advances, so the clock advances until the event arrives.
    private static async Task AdvanceUntilEventAsync(ServingHarness harness)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!harness.Recorder.HasEvent)
        {
            limit.Token.ThrowIfCancellationRequested();
            harness.Time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }
    }

    private sealed class ActiveRequestPair(ServingHarness harness)
    {
        private readonly ActiveRequest _first = harness.Active.TryAdd(1, 9, 1, 10)!;
        private readonly ActiveRequest _second = harness.Active.TryAdd(2, 9, 1, 10)!;

        public bool FirstCancelled => _first.CancellationToken.IsCancellationRequested;

        public bool SecondCancelled => _second.CancellationToken.IsCancellationRequested;
    }
}

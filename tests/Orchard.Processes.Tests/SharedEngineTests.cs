using Orchard.Protocol;
using Orchard.Protocol.Messages.Management;
using Orchard.TestSupport;

namespace Orchard.EndToEnd.Tests;

/// <summary>What becomes of newcomers when the engine of the namespace is hidden, silent, leaving or of another release.</summary>
public sealed class SharedEngineTests : IAsyncDisposable
{
    private readonly TemporaryRoot _root = new();

    private EngineRoot Root => EngineRoot.At(_root.Path);

    public static bool HasSignals => Processes.HasSignals;

    public async ValueTask DisposeAsync()
    {
        await Processes.UntilAsync(() => Processes.Of(_root.Path).Count == 0, "the engines of the test to leave");
        _root.Dispose();
    }

    [Fact]
    public async Task Connect_PidFileLost_AttachesToTheEngineThatLives()
    {
        await using Client first = await ConnectAsync().OrBroken("the engine");
        File.Delete(Root.PidFile);
        File.Delete(Root.ReadyFile);

        await using Client second = await ConnectAsync().OrBroken("the second client");

        Assert.Equal(first.CurrentSession!.ProcessId, second.CurrentSession!.ProcessId);
        Assert.False(File.Exists(Root.PidFile));
    }

    [Fact(Skip = "needs POSIX signals", SkipUnless = nameof(HasSignals))]
    public async Task Connect_EngineHangs_NamesItsProcessAndHowToEndItAndDoesNeither()
    {
        Client client = await ConnectAsync().OrBroken("the engine");
        int pid = client.CurrentSession!.ProcessId!.Value;
        File.Delete(Root.PidFile); // the process is known by its socket
        await Processes.SignalAsync(pid, "STOP");
        try
        {
            var error = await Assert.ThrowsAsync<EngineStartException>(() => ConnectAsync(TimeSpan.FromSeconds(1)).OrBroken("the refusal"));

            Assert.Contains("does not answer", error.Message, StringComparison.Ordinal);
            Assert.Contains($"kill -9 {pid}", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            await Processes.SignalAsync(pid, "CONT");
        }

        await using Client second = await ConnectAsync().OrBroken("the engine that goes on");
        Assert.Equal(pid, second.CurrentSession!.ProcessId);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task Connect_EngineRefusesSinceItLeaves_WaitsAndStartsItsOwn()
    {
        var refused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int refusals = 0;
        var leaving = new ForeignEngine(_root.Path, _ =>
        {
            if (++refusals == 3)
            {
                refused.TrySetResult();
            }

            return ForeignEngine.Refuse("The engine is shutting down.");
        });

        Task<Client> connecting = ConnectAsync();
        await refused.Task.OrBroken("three refusals");
        Assert.False(File.Exists(Root.LogFile)); // nothing is started beside it
        await leaving.DisposeAsync();

        await using Client client = await connecting.OrBroken("the engine after the one that left");
        Assert.NotEqual(Environment.ProcessId, client.CurrentSession!.ProcessId);
    }

    [Theory]
    [InlineData(ManagementReply.OkStatus)]
    [InlineData(ManagementReply.ErrorStatus)]
    public async Task Connect_EngineOfAnotherProtocolVersion_NamesBothAndLeavesIt(string status)
    {
        var identity = new EngineIdentity { ProcessId = 4711, ProtocolVersion = 99, Version = "9.9.9" };
        await using var engine = new ForeignEngine(_root.Path, _ => new ManagementReply
        {
            Status = status,
            Data = new ManagementReplyData { ClientRegister = identity },
        });

        var error = await Assert.ThrowsAsync<EngineStartException>(() => ConnectAsync().OrBroken("the refusal"));

        Assert.Contains("process 4711, release 9.9.9", error.Message, StringComparison.Ordinal);
        Assert.Contains("protocol version 99, this client version 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("one release", error.Message, StringComparison.Ordinal);
        Assert.Equal(
            [ManagementCommand.ClientRegister, ManagementCommand.ClientDeregister], engine.Commands.Select(command => command.Type));
        Assert.False(File.Exists(Root.LogFile));
    }

    [Fact]
    public async Task Connect_EngineOfTheFamily_IsUsedWithoutAnIdentity()
    {
        await using var engine = new ForeignEngine(_root.Path, _ => ForeignEngine.Ok);

        await using Client client = await ConnectAsync().OrBroken("the connection");

        Assert.Null(client.CurrentSession!.ProcessId);
    }

    [Theory]
    [InlineData(false, "orchard-engine", "requests.ipc")]
    [InlineData(true, "proxy_inference_engine", "pie_requests.ipc")]
    public async Task Engine_StartedByAClient_HasItsOwnNamesOrThoseThatPieClientsExpect(bool pieCompatible, string name, string socket)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads the name from /proc.");
        await using Client client = await ConnectAsync(pieCompatible: pieCompatible).OrBroken("the engine");

        string? executable = new FileInfo($"/proc/{client.CurrentSession!.ProcessId}/exe").LinkTarget;

        Assert.Equal(name, Path.GetFileName(executable));
        Assert.True(File.Exists(Path.Combine(Root.IpcDirectory, socket)));
    }

    [Fact]
    public async Task Engine_StartedByAClient_IsOutOfReachOfItsTerminal()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads the session from /proc.");
        await using Client client = await ConnectAsync().OrBroken("the engine");
        int pid = client.CurrentSession!.ProcessId!.Value;

        string stat = await File.ReadAllTextAsync($"/proc/{pid}/stat");

        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        Assert.Equal($"{pid} {pid}", $"{fields[2]} {fields[3]}"); // leader of its own process group and session
    }

    [Fact]
    public async Task Shutdown_OthersUseTheEngine_TheirCallsEndTypedAndNothingIsLeft()
    {
        await using InferenceEngine engine = await StartAsync().OrBroken("the engine");
        int pid = engine.ProcessId!.Value;
        await using Client other = await ConnectAsync(replay: false).OrBroken("another client");
        Task<IReadOnlyList<ChatResult>> batch = other.ChatBatchAsync(
            "starter", [.. Enumerable.Repeat<IReadOnlyList<Message>>([Message.User("Give me a detailed description of a storm.")], 256)]);
        await other.ModelStateAsync(
            Path.Combine(AppContext.BaseDirectory, "models", "starter.gguf"), state => state.RunningSequences > 0, "the batch to run");

        await engine.ShutdownAsync().OrBroken("the engine to stop");

        var error = await Assert.ThrowsAsync<EngineDiedException>(() => batch.OrBroken("the call in flight"));
        Assert.Equal(pid, error.ProcessId);
        Assert.False(Processes.IsRunning(pid));
        Assert.Empty(Directory.GetFiles(Root.IpcDirectory));
        Assert.False(File.Exists(Root.PidFile));
        Assert.Contains("requested by a client", await File.ReadAllTextAsync(Root.LogFile), StringComparison.Ordinal);
        await engine.ShutdownAsync().OrBroken("a second shutdown, of nothing");
    }

    [Fact]
    public async Task Stop_EngineRuns_IsTrueOnceAndItsProcessIsGone()
    {
        await using Client client = await ConnectAsync().OrBroken("the engine");
        int pid = client.EngineStatus.ProcessId!.Value;

        Assert.True(await InferenceEngine.StopAsync(new ClientOptions { EngineRoot = _root.Path }).OrBroken("the engine to stop"));

        Assert.False(Processes.IsRunning(pid));
        Assert.False(await InferenceEngine.StopAsync(new ClientOptions { EngineRoot = _root.Path }).OrBroken("a stop of nothing"));
        Assert.Empty(Processes.Of(_root.Path));
    }

    [Fact(Skip = "needs POSIX signals", SkipUnless = nameof(HasSignals))]
    public async Task Chat_EngineKilledBeforeItAnswers_IsAnsweredByTheNextEngine()
    {
        await using Client client = await ConnectAsync().OrBroken("the engine");
        await client.Models.EnsureLoadedAsync("starter").OrBroken("the model");
        int pid = client.CurrentSession!.ProcessId!.Value;
        await Processes.SignalAsync(pid, "STOP"); // so that nothing of the answer comes
        Task<IReadOnlyList<ChatResult>> batch = client.ChatBatchAsync(
            "starter", [.. Enumerable.Repeat<IReadOnlyList<Message>>([Message.User("What is the capital of France?")], 16)]);

        await Processes.SignalAsync(pid, "KILL");

        Assert.All(await batch.OrBroken("the answers"), answer => Assert.Equal("The capital of France is Paris.", answer.Text));
        Assert.NotEqual(pid, client.CurrentSession!.ProcessId);
    }

    [Fact(Skip = "needs POSIX signals", SkipUnless = nameof(HasSignals))]
    public async Task Chat_EngineHangs_EndsByTheStallLimitAndSaysSo()
    {
        await using Client client = await ConnectAsync(stallTimeout: TimeSpan.FromSeconds(0.5)).OrBroken("the engine");
        await client.Models.EnsureLoadedAsync("starter").OrBroken("the model");
        int pid = client.CurrentSession!.ProcessId!.Value;
        await Processes.SignalAsync(pid, "STOP");
        try
        {
            var error = await Assert.ThrowsAsync<RequestStalledException>(
                () => client.ChatAsync("starter", "What is the capital of France?").OrBroken("the call to end"));

            Assert.Equal(RequestState.Sent, error.State);
            Assert.Contains($"process {pid}", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            await Processes.SignalAsync(pid, "CONT");
        }

        await using Client patient = await ConnectAsync().OrBroken("a client without a short limit, which a busy machine may exceed");
        Assert.Contains("Paris", (await patient.ChatAsync("starter", "What is the capital of France?").OrBroken("the answer")).Text, StringComparison.Ordinal);
    }

    [Fact(Skip = "needs POSIX signals", SkipUnless = nameof(HasSignals))]
    public async Task Shutdown_EngineHangs_IsKilled()
    {
        await using InferenceEngine engine = await StartAsync().OrBroken("the engine");
        int pid = engine.ProcessId!.Value;
        await Processes.SignalAsync(pid, "STOP");

        await engine.ShutdownAsync(TimeSpan.FromSeconds(0.3)).OrBroken("the engine to be killed");

        Assert.False(Processes.IsRunning(pid));
        await using Client next = await ConnectAsync().OrBroken("the next engine");
        Assert.NotEqual(pid, next.CurrentSession!.ProcessId);
    }

    [Fact]
    public async Task Shutdown_EngineKnowsNoSuchCommand_SaysSoAndLeavesIt()
    {
        await using var foreign = new ForeignEngine(
            _root.Path, command => command.Type == ManagementCommand.Shutdown ? ForeignEngine.Refuse("Unknown command 'shutdown'.") : ForeignEngine.Ok);
        await using InferenceEngine engine = await StartAsync().OrBroken("the attachment");

        var error = await Assert.ThrowsAsync<EngineStopException>(() => engine.ShutdownAsync().OrBroken("the refusal"));

        Assert.Contains("Unknown command 'shutdown'.", error.Message, StringComparison.Ordinal);
        Assert.Contains($"process {Environment.ProcessId}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shutdown_NoTime_IsABadArgument()
    {
        await using var foreign = new ForeignEngine(_root.Path, _ => ForeignEngine.Ok);
        await using InferenceEngine engine = await StartAsync().OrBroken("the attachment");

        Assert.Equal("timeout", (await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => engine.ShutdownAsync(TimeSpan.Zero))).ParamName);
    }

    private Task<Client> ConnectAsync(TimeSpan? startTimeout = null, TimeSpan? stallTimeout = null, bool replay = true, bool? pieCompatible = null) => Client.ConnectAsync(new ClientOptions
    {
        ReplayUnansweredCalls = replay,
        PieCompatible = pieCompatible,
        StallTimeout = stallTimeout ?? TimeSpan.FromSeconds(60),
        EngineRoot = _root.Path,
        EngineGraceTime = TimeSpan.FromSeconds(0.2),
        StartTimeout = startTimeout ?? TimeSpan.FromSeconds(60),
    });

    private Task<InferenceEngine> StartAsync() =>
        InferenceEngine.StartAsync(new EngineOptions { EngineRoot = _root.Path, EngineGraceTime = TimeSpan.FromSeconds(0.2) });
}

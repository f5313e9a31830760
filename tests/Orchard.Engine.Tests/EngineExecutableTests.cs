using System.Text;
using Orchard.Engine.Tests.Inference;
using Orchard.Engine.Tests.Serving;
using Orchard.Protocol;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Deltas;
using Orchard.Protocol.Messages.Events;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Messages.Requests;
using Orchard.Protocol.Processes;
using Orchard.TestSupport;

namespace Orchard.Engine.Tests;

/// <summary>Tests that need a real process: signals, exit codes, pipes, and the starter model with real sockets.</summary>
public sealed class EngineExecutableTests : IDisposable
{
    private const ulong Channel = (1ul << 32) | 9;
    private const string ModelId = "starter";

    private readonly TempDirectory _directory = new();

    private EngineRoot Root => EngineRoot.At(_directory.Path);

    public static bool HasSignals => !OperatingSystem.IsWindows();

    public void Dispose() => _directory.Dispose();

    [Fact(Skip = "needs POSIX signals", SkipUnless = nameof(HasSignals))]
    public async Task StarterModel_CapitalOfFrance_IsParisAndSigtermEndsOrderly()
    {
        await using var engine = EngineExecutable.Start("--root", _directory.Path);
        await using EngineClient client = await engine.ConnectAsync(Root, Channel);
        Assert.Equal(engine.Pid, (await client.NextEventAsync<TelemetryEvent>()).Telemetry.Health.Pid);

        Assert.Equal(ManagementReply.AcceptedStatus, (await client.ExecuteAsync(Load(wait: false))).Status);
        var loaded = await client.NextEventAsync<ModelLoadedEvent>();
        Assert.Equal(ModelId, loaded.ModelId);
        Assert.Equal(2048, loaded.Model.Facts?.ContextLength);
        Assert.NotNull(loaded.Model.Facts?.ChatTemplate);

        await client.SendAsync(Ask(1, StarterModel.FrancePrompt));
        IReadOnlyList<ResponseDelta> deltas = await client.ReadSequenceAsync();
        string text = string.Concat(deltas.Select(delta => delta.Content));
        Assert.Contains("Paris", text, StringComparison.Ordinal);
        Assert.Equal("stop", deltas[^1].FinishReason);
        Assert.Equal(text, deltas[^1].StateEvents![^1].Value);

        await engine.SignalAsync("TERM");
        (int exitCode, string output, string errors) = await engine.WaitForExitAsync();
        Assert.Equal((0, ""), (exitCode, output));
        Assert.DoesNotContain("Paris", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("France", errors, StringComparison.Ordinal);
        Assert.Equal(
            [Path.GetFileName(Root.InstanceLockFile)],
            FilesOfTheEngine());
    }

    [Fact]
    public async Task StarterModel_ManyAtOnce_EachGetsTheAnswerItGetsAlone()
    {
        await using var engine = EngineExecutable.Start("--root", _directory.Path);
        await using EngineClient client = await engine.ConnectAsync(Root, Channel);
        await client.ExecuteAsync(Load(wait: true));
        string[] cities = ["France", "Italy", "Japan", "Spain"];
        WirePrompt[] prompts =
        [
            .. Enumerable.Range(0, 40).Select(i => Prompt(StarterModel.FrancePrompt.Replace("France", cities[i % 4], StringComparison.Ordinal)) with { PromptIndex = i }),
        ];

        await client.SendAsync(Ask(1, "") with { Prompts = prompts });
        var texts = new Dictionary<int, string>();
        for (int finals = 0; finals < prompts.Length;)
        {
            foreach (ResponseDelta delta in await client.ReadSequenceAsync())
            {
                texts[delta.PromptIndex!.Value] = texts.GetValueOrDefault(delta.PromptIndex.Value, "") + delta.Content;
                finals += delta.IsFinal ? 1 : 0;
            }
        }

        string[] answers = ["Paris", "Rome", "Tokyo", "Madrid"];
        Assert.All(texts, pair => Assert.Contains(answers[pair.Key % 4], pair.Value, StringComparison.Ordinal));
        Assert.Equal(prompts.Length, texts.Count);
    }

    [Fact]
    public async Task StarterModel_PromptBeyondTheContext_IsRefusedWithBothNumbers()
    {
        await using var engine = EngineExecutable.Start("--root", _directory.Path);
        await using EngineClient client = await engine.ConnectAsync(Root, Channel);
        await client.ExecuteAsync(Load(wait: true));

        await client.SendAsync(Ask(1, string.Concat(Enumerable.Repeat("1 2 3 4 ", 500))));
        ResponseDelta refusal = Assert.Single(await client.ReadSequenceAsync());

        Assert.Equal(ErrorCode.ContextLengthExceeded, refusal.Extras?.ErrorCode);
        Assert.Contains("2048", refusal.Extras?.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoadModel_NotAModel_IsRefusedInTheReply()
    {
        await using var engine = EngineExecutable.Start("--root", _directory.Path);
        await using EngineClient client = await engine.ConnectAsync(Root, Channel);
        string path = _directory.File("m/text.gguf", "this is no model");

        ManagementReply reply = await client.ExecuteAsync(Load(wait: false) with { ModelPath = path });

        Assert.Equal(ManagementReply.ErrorStatus, reply.Status);
        Assert.Contains(path, reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_OnTheCommandLine_IsReadyByItsFileName()
    {
        await using var engine = EngineExecutable.Start("--root", _directory.Path, "--load", StarterModel.FilePath);
        await using EngineClient client = await engine.ConnectAsync(Root, Channel);

        ManagementReply reply = await client.ExecuteAsync(Load(wait: true));

        Assert.Equal(ManagementReply.OkStatus, reply.Status);
        await client.SendAsync(Ask(1, StarterModel.FrancePrompt));
        Assert.Equal("stop", (await client.ReadSequenceAsync())[^1].FinishReason);
    }

    [Fact]
    public async Task SecondEngine_SameRoot_ExitsThreeNamingTheFirst()
    {
        await using var first = EngineExecutable.Start("--root", _directory.Path);
        await using EngineClient client = await first.ConnectAsync(Root, Channel);

        await using var second = EngineExecutable.Start("--root", _directory.Path);
        (int exitCode, _, string errors) = await second.WaitForExitAsync();

        Assert.Equal(EngineExitCode.AlreadyRunning, exitCode);
        Assert.Contains($"process {first.Pid}", errors, StringComparison.Ordinal);
        Assert.Equal(first.Pid, (await client.NextEventAsync<TelemetryEvent>()).Telemetry.Health.Pid);
    }

    [Theory]
    [InlineData("engine.lock.unused")] // nothing
    [InlineData("engine.instance.lock")]
    [InlineData("ipc/requests.ipc", "ipc/responses.ipc", "ipc/management.ipc")]
    public async Task SecondEngine_RuntimeDoesNotLockFiles_ExitsThree(params string[] deleted)
    {
        (string, string)[] noLocks = [("DOTNET_SYSTEM_IO_DISABLEFILELOCKING", "1")];
        await using var first = EngineExecutable.Start(noLocks, "--root", _directory.Path);
        await using EngineClient client = await first.ConnectAsync(Root, Channel);
        foreach (string name in deleted)
        {
            File.Delete(Path.Combine(_directory.Path, name));
        }

        await using var second = EngineExecutable.Start(noLocks, "--root", _directory.Path);
        (int exitCode, _, string errors) = await second.WaitForExitAsync();

        Assert.Equal(EngineExitCode.AlreadyRunning, exitCode);
        Assert.Contains("Another engine", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LastClientLeaves_NoGrace_EngineExitsOrderly()
    {
        await using var engine = EngineExecutable.Start("--root", _directory.Path, "--grace-seconds", "0");
        EngineClient client = await engine.ConnectAsync(Root, Channel);
        await client.NextEventAsync<TelemetryEvent>();

        // The watch looks twice a second; a registration is seen for certain, a short connection may not be.
        await client.ExecuteAsync(new ManagementCommand { Type = ManagementCommand.ClientRegister, ClientPid = Environment.ProcessId });
        for (int i = 0; i < 8; i++)
        {
            await client.NextEventAsync<TelemetryEvent>();
        }

        await client.ExecuteAsync(new ManagementCommand { Type = ManagementCommand.ClientDeregister, ClientPid = Environment.ProcessId });
        await client.DisposeAsync();

        Assert.Equal(EngineExitCode.Success, (await engine.WaitForExitAsync()).ExitCode);
    }

    [Fact(Skip = "needs POSIX signals", SkipUnless = nameof(HasSignals))]
    public async Task ErrorPipeClosed_HangUp_EngineGoesOnAndSigintEndsIt()
    {
        await using var engine = EngineExecutable.Start("--root", _directory.Path);
        await using EngineClient client = await engine.ConnectAsync(Root, Channel);

        engine.CloseItsErrorPipe();
        await engine.SignalAsync("HUP");
        ManagementReply reply = await client.ExecuteAsync(Load(wait: true));
        Assert.Equal(ManagementReply.OkStatus, reply.Status);

        await engine.SignalAsync("INT");
        Assert.Equal(EngineExitCode.Success, await engine.WaitForExitCodeAsync());
    }

    [Fact(Skip = "needs POSIX signals", SkipUnless = nameof(HasSignals))]
    public async Task SecondSignal_WhileItStops_LeavesNoFile()
    {
        await using var engine = EngineExecutable.Start("--root", _directory.Path);
        await using (EngineClient client = await engine.ConnectAsync(Root, Channel))
        {
            await client.ExecuteAsync(Load(wait: true));
            await engine.SignalAsync("STOP"); // so that both signals arrive before the engine has stopped
        }

        await engine.SignalAsync("TERM");
        await engine.SignalAsync("INT");
        await engine.SignalAsync("CONT");
        await engine.WaitForExitCodeAsync();

        Assert.Equal(
            [Path.GetFileName(Root.InstanceLockFile)],
            FilesOfTheEngine());
    }

    [Theory]
    [InlineData("--version", EngineExitCode.Success, "0.", "")]
    [InlineData("--help", EngineExitCode.Success, "exit codes", "")]
    [InlineData("--nonsense", EngineExitCode.BadArguments, "", "--nonsense")]
    public async Task Arguments_WithoutAnEngine_PrintAndExit(string argument, int exitCode, string output, string errors)
    {
        await using var engine = EngineExecutable.Start(argument);

        var result = await engine.WaitForExitAsync();

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(output, result.Output, StringComparison.Ordinal);
        Assert.Contains(errors, result.Errors, StringComparison.Ordinal);
    }

    private static ManagementCommand Load(bool wait) => new()
    {
        Type = ManagementCommand.LoadModel,
        RequestedId = ModelId,
        CanonicalId = ModelId,
        ModelPath = StarterModel.FilePath,
        WaitForCompletion = wait,
    };

    private static WireRequest Ask(ulong id, string prompt) => new()
    {
        RequestId = id,
        ModelId = ModelId,
        ModelPath = StarterModel.FilePath,
        ResponseChannelId = Channel,
        Prompts = [Prompt(prompt)],
    };

    private static WirePrompt Prompt(string text) => new() { Text = Encoding.UTF8.GetBytes(text), Temperature = 0, MaxGeneratedTokens = 60 };

    // Results of trials are kept for the next engine.
    private IEnumerable<string?> FilesOfTheEngine() =>
        Directory.EnumerateFiles(_directory.Path, "*", SearchOption.AllDirectories)
            .Where(static path => Path.GetFileName(Path.GetDirectoryName(path)) != "trials")
            .Select(Path.GetFileName);
}

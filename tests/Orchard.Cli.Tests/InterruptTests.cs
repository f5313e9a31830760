using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Cli.Tests;

/// <summary>The command as a process: Ctrl+C and pipes.</summary>
public sealed class InterruptTests(EngineFixture fixture) : IDisposable
{
    private readonly TemporaryRoot _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task CtrlC_DuringTheOnlyAnswer_StopsItAndExitsWith130()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Processes are interrupted with signals.");
        await using FakeEngine engine = FakeEngine.Listen(_root.Path, new EngineScript().Answer(new FakeReply().Say("Once ").Stall()));
        await using CommandProcess process = CommandProcess.Start([], "run", engine.ModelPath, "Tell", "--engine-root", _root.Path);
        process.CloseInput();
        FakeRequest request = await engine.NextRequestAsync().OrBroken("the request");
        char[] first = new char[5];
        await process.Out.ReadBlockAsync(first).AsTask().OrBroken("the first words");

        process.Interrupt();
        CommandRun run = await process.EndAsync();

        Assert.Equal(("Once ", 130, "\n", ""), (new string(first), run.ExitCode, run.Out, run.Error));
        await request.Cancelled.OrBroken("the end of the request");
    }

    [Fact]
    public async Task CtrlC_WhileTheModelLoads_ExitsWith130()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Processes are interrupted with signals.");
        await using FakeEngine engine = FakeEngine.Listen(_root.Path, new EngineScript().Load(FakeLoad.Stall));
        await using CommandProcess process = CommandProcess.Start([], "run", engine.ModelPath, "Tell", "--engine-root", _root.Path);
        process.CloseInput();
        while ((await engine.NextCommandAsync().OrBroken("the load")).Kind != FakeCommandKind.LoadModel)
        {
        }

        process.Interrupt();

        Assert.Equal(130, (await process.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task Pipe_QuestionIn_AnswerOut()
    {
        await using CommandProcess process = CommandProcess.Start([], "run", "starter", "--engine-root", fixture.EngineRoot);

        CommandRun run = await process.FinishAsync("What is the capital of France?");

        Assert.Equal((0, "The capital of France is Paris.\n", ""), (run.ExitCode, run.Out, run.Error));
    }
}

using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orchard.Engine.Tests.Serving;
using Orchard.Protocol;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Processes;
using Orchard.TestSupport;

namespace Orchard.Engine.Tests;

public sealed class EngineRunTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly FakeTimeProvider _time = new();
    private readonly FakeModelLoader _loader = new();
    private readonly ManualResetEventSlim _freed = new();
    private readonly TaskCompletionSource<string> _signal = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private EngineRoot Root => EngineRoot.At(_directory.Path);

    public void Dispose()
    {
        _freed.Set();
        _loader.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Run_ModelCannotBeFreedInTime_ExitsAndLeavesNoFile()
    {
        Task<int> run = NewRun().RunAsync(_signal.Task);
        TaskCompletionSource freeing = await LoadModelThatIsNotFreedAsync();

        _signal.SetResult("stopped by the test");
        await freeing.Task.OrBroken("the model to be freed");
        _time.Advance(EngineRun.StopLimit);

        Assert.Equal(EngineExitCode.Success, await run.OrBroken("the exit"));
        Assert.Equal([Path.GetFileName(Root.InstanceLockFile)], Files());
    }

    [Fact]
    public async Task RemoveFiles_WhileItStops_LeavesNoFile()
    {
        EngineRun engine = NewRun();
        Task<int> run = engine.RunAsync(_signal.Task);
        TaskCompletionSource freeing = await LoadModelThatIsNotFreedAsync();
        _signal.SetResult("stopped by the test");
        await freeing.Task.OrBroken("the model to be freed");

        engine.RemoveFiles();

        Assert.Equal([Path.GetFileName(Root.InstanceLockFile)], Files());
        _freed.Set();
        await run.OrBroken("the exit");
    }

    [Fact]
    public async Task RemoveFiles_AnotherEngineServes_LeavesItsFiles()
    {
        EngineRun loser = NewRun();
        Task<int> winner = NewRun().RunAsync(_signal.Task);
        await using (await ConnectAsync())
        {
            Task<int> run = loser.RunAsync(_signal.Task);
            while (!run.IsCompleted)
            {
                _time.Advance(TimeSpan.FromMilliseconds(100));
                await Task.Yield();
            }

            Assert.Equal(EngineExitCode.AlreadyRunning, await run);
            loser.RemoveFiles();

            Assert.True(File.Exists(Root.ManagementSocket) && File.Exists(Root.ResponseSocket) && File.Exists(Root.PidFile));
        }

        _signal.SetResult("stopped by the test");
        await winner.OrBroken("the exit");
    }

    private EngineRun NewRun() =>
        new(new EngineOptions { Root = Root }, openLog: null, _loader, new FakeProcesses(), _time, NullLoggerFactory.Instance);

    private IEnumerable<string?> Files() =>
        Directory.EnumerateFiles(_directory.Path, "*", SearchOption.AllDirectories).Select(Path.GetFileName).Except(["model.gguf"]);

    private async Task<TaskCompletionSource> LoadModelThatIsNotFreedAsync()
    {
        var freeing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using EngineClient client = await ConnectAsync();
        await client.ExecuteAsync(new ManagementCommand
        {
            Type = ManagementCommand.LoadModel,
            CanonicalId = "model",
            RequestedId = "model",
            ModelPath = _directory.File("m/model.gguf"),
            WaitForCompletion = true,
        });
        _loader.Decoder!.Disposing = () =>
        {
            freeing.SetResult();
            _freed.Wait(Limits.Broken);
        };
        return freeing;
    }

    private async Task<EngineClient> ConnectAsync()
    {
        using var limit = new CancellationTokenSource(Limits.Broken);
        while (!File.Exists(Root.ReadyFile))
        {
            Assert.False(limit.IsCancellationRequested, "The engine did not become ready.");
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        return await EngineClient.ConnectAsync(Root, (1ul << 32) | 1);
    }
}

using System.Collections.Concurrent;
using Orchard.Models;
using Orchard.TestSupport;

namespace Orchard.Tests.Models;

public sealed class ModelRegistryTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orchard-");
    private readonly GatedActivator _activator = new();
    private readonly ModelRegistry _registry;
    private readonly string _model;

    public ModelRegistryTests()
    {
        _model = Path.Combine(_folder.FullName, "model.gguf");
        File.WriteAllBytes(_model, []);
        _registry = new ModelRegistry(new ModelResolver(_folder.FullName), _activator, TimeProvider.System);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task EnsureLoaded_ManyCallersOfOneModelByDifferentNames_OneLoad()
    {
        string link = Path.Combine(_folder.FullName, "link.gguf");
        File.CreateSymbolicLink(link, _model);

        Task<ModelInfo>[] callers = [.. Enumerable.Range(0, 64).Select(i => _registry.EnsureLoadedAsync(i % 2 == 0 ? _model : link))];
        _activator.Open();

        ModelInfo[] infos = await Task.WhenAll(callers).OrBroken("all callers");
        Assert.Single(infos.Distinct());
        Assert.Equal(1, _activator.Loads);
    }

    [Fact]
    public async Task EnsureLoaded_CallersFromManyThreads_OneLoad()
    {
        using var start = new Barrier(16);
        Task<ModelInfo>[] callers = [.. Enumerable.Range(0, 16).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return _registry.EnsureLoadedAsync(_model);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap())];
        _activator.Open();

        await Task.WhenAll(callers).OrBroken("all callers");
        Assert.Equal(1, _activator.Loads);
    }

    [Fact]
    public async Task EnsureLoaded_LoadFails_EveryWaiterHearsAndTheNextCallLoadsAgain()
    {
        _activator.Error = new ModelLoadException("m", "broken");
        Task<ModelInfo>[] callers = [.. Enumerable.Range(0, 8).Select(_ => _registry.EnsureLoadedAsync(_model))];
        _activator.Open();
        foreach (Task<ModelInfo> caller in callers)
        {
            await Assert.ThrowsAsync<ModelLoadException>(() => caller.OrBroken("a waiter of the failed load"));
        }

        _activator.Error = null;
        await _registry.EnsureLoadedAsync(_model).OrBroken("the call after the failure");
        Assert.Equal(2, _activator.Loads);
    }

    [Fact]
    public async Task EnsureLoaded_EngineGone_LoadsAgain()
    {
        _activator.Open();
        await _registry.EnsureLoadedAsync(_model).OrBroken("the first load");
        _activator.EngineGone = true;

        await _registry.EnsureLoadedAsync(_model).OrBroken("the load on the next engine");

        Assert.Equal(2, _activator.Loads);
    }

    [Fact]
    public async Task EnsureLoaded_Progress_TellsEachPhaseToTheCallersThatWait()
    {
        var heard = new ConcurrentQueue<ModelLoadProgress>();
        Task<ModelInfo> call = _registry.EnsureLoadedAsync(_model, new Listener(heard.Enqueue));
        _activator.Open();
        await call.OrBroken("the load");

        Assert.Equal([ModelLoadPhase.Resolving, ModelLoadPhase.Connecting, ModelLoadPhase.Loading, ModelLoadPhase.Ready], heard.Select(progress => progress.Phase));
    }

    [Fact]
    public async Task EnsureLoaded_ProgressOfAnOlderMoment_IsNotTold()
    {
        _activator.Reports = [0.2, 0.6, 0.4, 0.9];
        var heard = new ConcurrentQueue<ModelLoadProgress>();
        Task<ModelInfo> call = _registry.EnsureLoadedAsync(_model, new Listener(heard.Enqueue));
        _activator.Open();
        await call.OrBroken("the load");

        Assert.Equal([0.2, 0.6, 0.9], heard.Select(progress => progress.Fraction).OfType<double>());
    }

    [Fact]
    public async Task EnsureLoaded_CallerThatComesLate_HearsAtOnceHowFarItIs()
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var halfway = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _activator.End = end.Task;
        Task<ModelInfo> first = _registry.EnsureLoadedAsync(_model, new Listener(progress =>
        {
            if (progress.Fraction == 0.5)
            {
                halfway.TrySetResult();
            }
        }));
        _activator.Open();
        await halfway.Task.OrBroken("half of the load");

        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<ModelInfo> late = _registry.EnsureLoadedAsync(_model, new Listener(progress =>
        {
            if (progress.Fraction == 0.5)
            {
                heard.TrySetResult();
            }
        }));
        await heard.Task.OrBroken("the progress so far");

        end.SetResult();
        await Task.WhenAll(first, late).OrBroken("both calls");
    }

    [Fact]
    public async Task GetStatus_ThroughALife_SaysHowTheModelStands()
    {
        Assert.Equal(ModelState.Idle, _registry.GetStatus(_model).State);
        Assert.Empty(_registry.List());

        Task<ModelInfo> call = _registry.EnsureLoadedAsync(_model);
        ModelStatus loading = _registry.GetStatus(_model);
        Assert.Equal((ModelState.Loading, 1), (loading.State, loading.Users));

        _activator.Open();
        ModelInfo info = await call.OrBroken("the load");
        ModelStatus ready = Assert.Single(_registry.List());
        Assert.Equal((ModelState.Ready, 0, info), (ready.State, ready.Users, ready.Info));

        _activator.EngineGone = true;
        Assert.Equal(ModelState.Idle, _registry.GetStatus(_model).State);

        _activator.Error = new ModelLoadException("m", "broken");
        await Assert.ThrowsAsync<ModelLoadException>(() => _registry.EnsureLoadedAsync(_model).OrBroken("the failing load"));
        ModelStatus failed = _registry.GetStatus(_model);
        Assert.Equal((ModelState.Failed, _activator.Error), (failed.State, failed.Error));
    }

    [Fact]
    public void GetStatus_NoSuchModel_SaysSo() => Assert.Throws<ModelNotFoundException>(() => _registry.GetStatus("no-such-model"));

    [Fact]
    public async Task EnsureLoaded_ListenerThrows_TheLoadGoesOn()
    {
        Task<ModelInfo> call = _registry.EnsureLoadedAsync(
            _model,
            new Listener(progress =>
            {
                if (progress.Phase == ModelLoadPhase.Loading)
                {
                    throw new InvalidOperationException("a listener's own fault");
                }
            }));
        _activator.Open();

        await call.OrBroken("the load");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public async Task EnsureLoaded_BlankName_IsABadArgument(string? name) =>
        Assert.Equal("model", (await Assert.ThrowsAnyAsync<ArgumentException>(() => _registry.EnsureLoadedAsync(name!))).ParamName);

    private sealed class Listener(Action<ModelLoadProgress> report) : IProgress<ModelLoadProgress>
    {
        public void Report(ModelLoadProgress value) => report(value);
    }

    /// <summary>Loads when the gate opens.</summary>
    private sealed class GatedActivator : IModelActivator
    {
        private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _loads;

        public int Loads => Volatile.Read(ref _loads);

        public Exception? Error { get; set; }

        public double[] Reports { get; set; } = [0.5];

        public Task End { get; set; } = Task.CompletedTask;

        public bool EngineGone { get; set; }

        public void Open() => _gate.TrySetResult();

        public bool IsCurrent(ReadyModel model) => !EngineGone;

        public Task<bool> TryUnloadAsync(ResolvedModel model, ReadyModel ready, CancellationToken cancellationToken) => Task.FromResult(true);

        public async Task<ReadyModel> ActivateAsync(ResolvedModel model, Action<ModelLoadProgress> report, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _loads);
            await _gate.Task.WaitAsync(cancellationToken);
            report(new ModelLoadProgress { Phase = ModelLoadPhase.Connecting });
            foreach (double fraction in Reports)
            {
                report(new ModelLoadProgress { Phase = ModelLoadPhase.Loading, Fraction = fraction });
            }

            await End;
            return Error is null
                ? new ReadyModel(new ModelInfo { Id = model.CanonicalId, Path = model.Path }, null!, null!)
                : throw Error;
        }
    }
}

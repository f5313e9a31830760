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
        _registry = new ModelRegistry(new ModelResolver(_folder.FullName), _activator);
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
        var heard = new ConcurrentQueue<ModelLoadPhase>();
        Task<ModelInfo> call = _registry.EnsureLoadedAsync(_model, new Listener(heard.Enqueue));
        _activator.Open();
        await call.OrBroken("the load");

        Assert.Equal([ModelLoadPhase.Resolving, ModelLoadPhase.Connecting, ModelLoadPhase.Activating, ModelLoadPhase.Ready], heard);
    }

    [Fact]
    public async Task EnsureLoaded_ListenerThrows_TheLoadGoesOn()
    {
        Task<ModelInfo> call = _registry.EnsureLoadedAsync(
            _model,
            new Listener(phase =>
            {
                if (phase == ModelLoadPhase.Activating)
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

    private sealed class Listener(Action<ModelLoadPhase> onPhase) : IProgress<ModelLoadProgress>
    {
        public void Report(ModelLoadProgress value) => onPhase(value.Phase);
    }

    /// <summary>Loads when the gate opens.</summary>
    private sealed class GatedActivator : IModelActivator
    {
        private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _loads;

        public int Loads => Volatile.Read(ref _loads);

        public Exception? Error { get; set; }

        public bool EngineGone { get; set; }

        public void Open() => _gate.TrySetResult();

        public bool IsCurrent(ReadyModel model) => !EngineGone;

        public async Task<ReadyModel> ActivateAsync(ResolvedModel model, Action<ModelLoadPhase> onPhase, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _loads);
            await _gate.Task.WaitAsync(cancellationToken);
            onPhase(ModelLoadPhase.Connecting);
            onPhase(ModelLoadPhase.Activating);
            return Error is null
                ? new ReadyModel(new ModelInfo { Id = model.CanonicalId, Path = model.Path }, null!, null!)
                : throw Error;
        }
    }
}

using Orchard.Engine.Inference;

namespace Orchard.Engine.Serving.Models;

/// <summary>Models that no request can use any more, until they are freed. Thread-safe.</summary>
/// <param name="loader">Gives the memory back to the system.</param>
/// <param name="memory">Told when the memory of a model is free.</param>
/// <param name="time">The clock.</param>
/// <param name="stopping">Cancelled when running requests need not be waited for any more.</param>
internal sealed class RetiredModels(IModelLoader loader, ModelMemory memory, TimeProvider time, CancellationToken stopping)
{
    // Interval between checks whether a model still has uses.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private readonly HashSet<Task> _freeing = [];

    /// <summary>Frees a model after its last use, or at once if its file has been damaged.</summary>
    /// <returns>The end of it.</returns>
    public Task Add(LoadedModelHandle model)
    {
        Task freed = ReturnMemoryAfterAsync(FreeAsync(model), new WeakReference(model));
        lock (_gate)
        {
            _freeing.RemoveWhere(static task => task.IsCompletedSuccessfully);
            _freeing.Add(freed);
        }

        return freed;
    }

    /// <summary>Completes when all are freed.</summary>
    public Task FreedAsync()
    {
        lock (_gate)
        {
            return Task.WhenAll(_freeing);
        }
    }

    // Without a reference to the model, so that the garbage collector can free it.
    private async Task ReturnMemoryAfterAsync(Task freed, WeakReference model)
    {
        try
        {
            await freed.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        }
        finally
        {
            await loader.ReturnMemoryAsync(model).ConfigureAwait(false);
        }
    }

    private async Task FreeAsync(LoadedModelHandle model)
    {
        if (model.DamagedFile is { } file)
        {
            model.Scheduler.Abort(new DecodeException(file.Difference));
        }

        while (model.IsInUse && !stopping.IsCancellationRequested)
        {
            await Task.Delay(Interval, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        try
        {
            await model.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            memory.Release(model);
        }
    }
}

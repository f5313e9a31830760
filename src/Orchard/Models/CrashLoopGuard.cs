using System.Collections.Concurrent;

namespace Orchard.Models;

/// <summary>
/// Stops a model from crashing one engine after another: after three engines have died within a minute while loading it, further loads
/// fail at once until the minute is over. Thread-safe.
/// </summary>
internal sealed class CrashLoopGuard(IModelActivator inner, TimeProvider time) : IModelActivator
{
    private const int Limit = 3;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    // A model has only one activation at a time, so its history needs no lock.
    private readonly ConcurrentDictionary<string, Crashes> _crashes = new(ModelResolver.IdComparer);

    public bool IsCurrent(ReadyModel model) => inner.IsCurrent(model);

    public Task<bool> TryUnloadAsync(ResolvedModel model, ReadyModel ready, CancellationToken cancellationToken) =>
        inner.TryUnloadAsync(model, ready, cancellationToken);

    public async Task<ReadyModel> ActivateAsync(ResolvedModel model, Action<ModelLoadProgress> report, CancellationToken cancellationToken)
    {
        _crashes.TryGetValue(model.CanonicalId, out Crashes? crashes);
        crashes?.Forget(time, Window);
        if (crashes is { Count: >= Limit })
        {
            throw Stopped(model, crashes);
        }

        try
        {
            ReadyModel ready = await inner.ActivateAsync(model, report, cancellationToken).ConfigureAwait(false);
            _crashes.TryRemove(model.CanonicalId, out _);
            return ready;
        }
        catch (EngineDiedException e)
        {
            _crashes.GetOrAdd(model.CanonicalId, static _ => new Crashes()).Add(time.GetTimestamp(), e);
            throw;
        }
    }

    private ModelLoadException Stopped(ResolvedModel model, Crashes crashes)
    {
        TimeSpan wait = Window - time.GetElapsedTime(crashes.Oldest);
        return new ModelLoadException(
            model.RequestedId,
            $"The engine died {crashes.Count} times within {Window.TotalSeconds:0} s while it loaded the model '{model.RequestedId}' "
            + $"from '{model.Path}'. Further attempts fail for {Math.Max(1, Math.Ceiling(wait.TotalSeconds)):0} s; "
            + $"check the file and the memory that it needs. The last error: {crashes.Last.Message}",
            crashes.Last);
    }

    /// <summary>Times at which engines died while loading one model.</summary>
    private sealed class Crashes
    {
        private readonly Queue<long> _times = new();

        public int Count => _times.Count;

        public long Oldest => _times.Peek();

        public EngineDiedException Last { get; private set; } = null!;

        public void Add(long timestamp, EngineDiedException error)
        {
            _times.Enqueue(timestamp);
            Last = error;
        }

        public void Forget(TimeProvider time, TimeSpan age)
        {
            while (_times.TryPeek(out long timestamp) && time.GetElapsedTime(timestamp) >= age)
            {
                _times.Dequeue();
            }
        }
    }
}

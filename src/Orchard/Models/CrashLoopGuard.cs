using System.Collections.Concurrent;

namespace Orchard.Models;

/// <summary>
/// Does not let a model end engine after engine: when three have died while they loaded it within a minute, loading it fails at once
/// until the minute is over. Thread-safe.
/// </summary>
internal sealed class CrashLoopGuard(IModelActivator inner, TimeProvider time) : IModelActivator
{
    private const int Limit = 3;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    // Of one model there is one activation at a time, so its history needs no lock.
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
            $"The engine died {crashes.Count} times within {Window.TotalSeconds:0} s while it loaded the model '{model.RequestedId}' from '{model.Path}'. It is not tried again for {Math.Max(1, Math.Ceiling(wait.TotalSeconds)):0} s; check the file and the memory it needs. The last time: {crashes.Last.Message}",
            crashes.Last);
    }

    /// <summary>When engines died while they loaded one model.</summary>
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

namespace Orchard.Engine.Serving;

/// <summary>
/// Cancellations that arrived before the command or request they apply to. That happens because commands run concurrently and requests use
/// another socket. Each is kept for 30 s, and at most 4096 are kept. Thread-safe.
/// </summary>
internal sealed class EarlyCancels<TKey>(TimeProvider time)
    where TKey : struct
{
    public const int MaxKept = 4096;

    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, long> _kept = []; // guarded by _gate
    private readonly Queue<(TKey Key, long At)> _order = []; // guarded by _gate

    /// <summary>Number of cancellations that are kept.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _kept.Count;
            }
        }
    }

    public void Remember(TKey key)
    {
        lock (_gate)
        {
            long now = time.GetTimestamp();
            _kept[key] = now;
            _order.Enqueue((key, now));
            ForgetOld();
        }
    }

    /// <summary>Removes the cancellation of <paramref name="key"/>. Returns whether there was one.</summary>
    public bool Take(TKey key)
    {
        lock (_gate)
        {
            ForgetOld();
            return _kept.Remove(key);
        }
    }

    private void ForgetOld()
    {
        while (_order.TryPeek(out (TKey Key, long At) oldest) && (_order.Count > MaxKept || time.GetElapsedTime(oldest.At) > Lifetime))
        {
            _order.Dequeue();
            if (_kept.TryGetValue(oldest.Key, out long at) && at == oldest.At)
            {
                _kept.Remove(oldest.Key);
            }
        }
    }
}

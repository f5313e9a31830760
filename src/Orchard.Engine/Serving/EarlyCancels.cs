namespace Orchard.Engine.Serving;

/// <summary>
/// Cancellations that arrived before the command or request they apply to. That happens because commands run concurrently and requests use
/// another socket. Each is kept for 30 s. Not thread-safe; the owner holds a lock.
/// </summary>
internal sealed class EarlyCancels<TKey>(TimeProvider time)
    where TKey : struct
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);
    private const int MaxKept = 4096;

    private readonly Dictionary<TKey, long> _kept = [];
    private readonly Queue<(TKey Key, long At)> _order = [];

    public void Remember(TKey key)
    {
        ForgetOld();
        long now = time.GetTimestamp();
        _kept[key] = now;
        _order.Enqueue((key, now));
    }

    /// <summary>Removes the cancellation of <paramref name="key"/>. Returns whether there was one.</summary>
    public bool Take(TKey key)
    {
        ForgetOld();
        return _kept.Remove(key);
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

namespace Orchard.Engine.Serving;

/// <summary>
/// Cancels that came before what they cancel, which happens because commands run side by side and requests come over another socket.
/// Each is kept for a while. Guarded by its owner's lock.
/// </summary>
internal sealed class EarlyCancels<TKey>(TimeProvider time)
    where TKey : struct
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(30);
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

    /// <summary>Whether a cancel for this came before; it is used up by the answer.</summary>
    public bool Take(TKey key)
    {
        ForgetOld();
        return _kept.Remove(key);
    }

    private void ForgetOld()
    {
        while (_order.TryPeek(out (TKey Key, long At) oldest) && (_order.Count > MaxKept || time.GetElapsedTime(oldest.At) > Life))
        {
            _order.Dequeue();
            if (_kept.TryGetValue(oldest.Key, out long at) && at == oldest.At)
            {
                _kept.Remove(oldest.Key);
            }
        }
    }
}

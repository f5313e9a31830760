using System.Diagnostics.CodeAnalysis;
using Orchard.Interleaving;

namespace Orchard;

/// <summary>Stands in for the framework's: each operation is one step, but for the factories, which run outside.</summary>
internal sealed class ConcurrentDictionary<TKey, TValue>(IEqualityComparer<TKey>? comparer = null)
    where TKey : notnull
{
    private readonly Dictionary<TKey, TValue> _items = new(comparer);

    public int Count
    {
        get
        {
            Schedule.Point("counts a dictionary");
            lock (_items)
            {
                return _items.Count;
            }
        }
    }

    public TKey[] Keys
    {
        get
        {
            Schedule.Point("reads the keys of a dictionary");
            lock (_items)
            {
                return [.. _items.Keys];
            }
        }
    }

    public TValue[] Values
    {
        get
        {
            Schedule.Point("reads the values of a dictionary");
            lock (_items)
            {
                return [.. _items.Values];
            }
        }
    }

    public bool ContainsKey(TKey key) => TryGetValue(key, out _);

    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        Schedule.Point("looks into a dictionary");
        lock (_items)
        {
            return _items.TryGetValue(key, out value);
        }
    }

    public bool TryAdd(TKey key, TValue value)
    {
        Schedule.Point("adds to a dictionary");
        lock (_items)
        {
            return _items.TryAdd(key, value);
        }
    }

    public bool TryRemove(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        Schedule.Point("takes from a dictionary");
        lock (_items)
        {
            return _items.Remove(key, out value);
        }
    }

    public TValue GetOrAdd(TKey key, Func<TKey, TValue> make) => TryGetValue(key, out TValue? value) ? value : AddOrGet(key, make(key));

    public TValue GetOrAdd<TArgument>(TKey key, Func<TKey, TArgument, TValue> make, TArgument argument) =>
        TryGetValue(key, out TValue? value) ? value : AddOrGet(key, make(key, argument));

    public TValue AddOrUpdate(TKey key, TValue added, Func<TKey, TValue, TValue> update)
    {
        Schedule.Point("updates a dictionary");
        lock (_items)
        {
            return _items[key] = _items.TryGetValue(key, out TValue? value) ? update(key, value) : added;
        }
    }

    private TValue AddOrGet(TKey key, TValue made)
    {
        Schedule.Point("adds to a dictionary");
        lock (_items)
        {
            return _items.TryAdd(key, made) ? made : _items[key];
        }
    }
}

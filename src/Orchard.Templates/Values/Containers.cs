using Orchard.Templates.Runtime;

namespace Orchard.Templates.Values;

/// <summary>A value that holds others. How deep it nests is counted as it is made, so that no walk over values can be too deep.</summary>
internal abstract class TemplateContainer
{
    /// <summary>1 for a container of plain values.</summary>
    public int Depth { get; protected init; } = 1;

    public static int DepthOf(TemplateValue value) => value.Kind switch
    {
        TemplateKind.List or TemplateKind.Tuple or TemplateKind.Dict or TemplateKind.DictView or TemplateKind.Iterator =>
            ((TemplateContainer)value.Reference).Depth,
        _ => 0,
    };

    protected static int DepthAround(ReadOnlySpan<TemplateValue> items)
    {
        int deepest = 0;
        foreach (TemplateValue item in items)
        {
            deepest = Math.Max(deepest, DepthOf(item));
        }

        return deepest + 1;
    }
}

/// <summary>The items of a list or of a tuple.</summary>
internal class TemplateList : TemplateContainer
{
    public static readonly TemplateList Empty = new([]);

    // 0 until it is known; one byte, so that threads can share it.
    private byte _hashable;

    public TemplateList(TemplateValue[] items)
    {
        Items = items;
        Depth = DepthAround(items);
    }

    public TemplateValue[] Items { get; }

    public int Count => Items.Length;

    /// <summary>Whether a tuple of these items can be a key.</summary>
    public bool IsHashable
    {
        get
        {
            if (_hashable == 0)
            {
                _hashable = Array.TrueForAll(Items, Kinds.IsHashable) ? (byte)1 : (byte)2;
            }

            return _hashable == 1;
        }
    }
}

/// <summary>What <c>groupby</c> yields: a pair whose parts also have names.</summary>
internal sealed class TemplateGroup(TemplateValue grouper, TemplateValue list) : TemplateList([grouper, list])
{
}

/// <summary>A mapping in the order of insertion.</summary>
internal sealed class TemplateMap : TemplateContainer
{
    private const int IndexFrom = 9;

    private readonly Dictionary<TemplateValue, int>? _index;
    private readonly ValueComparer _comparer;

    /// <summary>Keys have to differ from each other; <see cref="TemplateMapBuilder"/> sees to that.</summary>
    public TemplateMap(TemplateValue[] keys, TemplateValue[] values, ValueComparer comparer)
    {
        Keys = keys;
        Values = values;
        _comparer = comparer;
        Depth = Math.Max(DepthAround(keys), DepthAround(values));
        if (keys.Length >= IndexFrom)
        {
            _index = new Dictionary<TemplateValue, int>(keys.Length, comparer);
            for (int i = 0; i < keys.Length; i++)
            {
                _index[keys[i]] = i;
            }
        }
    }

    public static TemplateMap Empty { get; } = new([], [], ValueComparer.Unbounded);

    public TemplateValue[] Keys { get; }

    public TemplateValue[] Values { get; }

    public int Count => Keys.Length;

    public bool TryGet(string key, out TemplateValue value)
    {
        if (_index is not null)
        {
            return TryGet(TemplateValue.From(key), out value);
        }

        TemplateValue[] keys = Keys;
        for (int i = 0; i < keys.Length; i++)
        {
            if (keys[i].IsText && keys[i].Text == key)
            {
                value = Values[i];
                return true;
            }
        }

        value = default;
        return false;
    }

    public bool TryGet(TemplateValue key, out TemplateValue value)
    {
        if (_index is not null)
        {
            bool found = _index.TryGetValue(key, out int at);
            value = found ? Values[at] : default;
            return found;
        }

        for (int i = 0; i < Keys.Length; i++)
        {
            if (_comparer.Equals(Keys[i], key))
            {
                value = Values[i];
                return true;
            }
        }

        value = default;
        return false;
    }
}

/// <summary>Collects the pairs of a mapping: a key given again keeps its place and takes the new value.</summary>
internal sealed class TemplateMapBuilder(ValueComparer comparer)
{
    private readonly List<TemplateValue> _keys = [];
    private readonly List<TemplateValue> _values = [];
    private Dictionary<TemplateValue, int>? _index;

    public int Count => _keys.Count;

    public void Set(TemplateValue key, TemplateValue value)
    {
        _index ??= new Dictionary<TemplateValue, int>(comparer);
        if (_index.TryGetValue(key, out int at))
        {
            _values[at] = value;
            return;
        }

        _index[key] = _keys.Count;
        _keys.Add(key);
        _values.Add(value);
    }

    public TemplateMap Build() => new([.. _keys], [.. _values], comparer);
}

internal enum MapPart : byte
{
    Keys,
    Values,
    Items,
}

/// <summary>What <c>keys()</c>, <c>values()</c> and <c>items()</c> return.</summary>
internal sealed class TemplateMapView : TemplateContainer
{
    public TemplateMapView(TemplateMap map, MapPart part)
    {
        Map = map;
        Part = part;
        Depth = map.Depth + 1;
    }

    public TemplateMap Map { get; }

    public MapPart Part { get; }

    public TemplateValue At(int index) => Part switch
    {
        MapPart.Keys => Map.Keys[index],
        MapPart.Values => Map.Values[index],
        _ => TemplateValue.FromTuple(new TemplateList([Map.Keys[index], Map.Values[index]])),
    };
}

/// <summary>An arithmetic progression, as Python's <c>range</c>.</summary>
internal sealed class TemplateRange(long start, long stop, long step, int count)
{
    public long Start { get; } = start;

    /// <summary>The end as it was given, which the items may not reach.</summary>
    public long Stop { get; } = stop;

    public long Step { get; } = step;

    public int Count { get; } = count;

    public long At(int index) => Start + (index * Step);
}

/// <summary>Items that are made as they are asked for, once.</summary>
internal sealed class TemplateIterator : TemplateContainer
{
    public TemplateIterator(IEnumerator<TemplateValue> items, TemplateValue source)
    {
        Items = items;
        Depth = DepthOf(source) + 1;
    }

    public IEnumerator<TemplateValue> Items { get; }
}

/// <summary>The one value a template may change: made by <c>namespace()</c>, changed by <c>set ns.name = …</c>.</summary>
internal sealed class TemplateNamespace
{
    public Dictionary<string, TemplateValue> Members { get; } = new(StringComparer.Ordinal);
}

namespace Orchard.Templates.Values;

/// <summary>A mapping in insertion order.</summary>
internal sealed class TemplateMap : TemplateObject
{
    // Below this size, comparing every key is faster than hashing.
    private const int MinIndexedCount = 9;

    private readonly Dictionary<TemplateValue, int>? _index;
    private readonly IEqualityComparer<TemplateValue> _comparer;

    /// <summary>Creates a mapping of keys that differ from each other; see <see cref="TemplateMapBuilder"/> for others.</summary>
    public TemplateMap(TemplateValue[] keys, TemplateValue[] values, IEqualityComparer<TemplateValue> comparer)
        : base(TemplateKind.Dict)
    {
        Keys = keys;
        Values = values;
        _comparer = comparer;
        Depth = Math.Max(Nesting.DepthAround(keys), Nesting.DepthAround(values));
        if (keys.Length >= MinIndexedCount)
        {
            _index = new Dictionary<TemplateValue, int>(keys.Length, comparer);
            for (int i = 0; i < keys.Length; i++)
            {
                _index[keys[i]] = i;
            }
        }
    }

    public TemplateValue[] Keys { get; }

    public TemplateValue[] Values { get; }

    public int Count => Keys.Length;

    public override bool IsTrue => Count > 0;

    public override bool IsHashable => false;

    public override int? Length => Count;

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

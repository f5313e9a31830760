namespace Orchard.Templates.Values;

/// <summary>Collects the entries of a mapping. Setting a key again replaces its value and keeps its position.</summary>
internal sealed class TemplateMapBuilder(IEqualityComparer<TemplateValue> comparer)
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

using Orchard.Templates.Values;

namespace Orchard.Templates.Runtime;

/// <summary>Goes through the items of anything that has items, making them no earlier than asked for.</summary>
internal sealed class ItemCursor
{
    private readonly Run _run;
    private readonly TemplateValue _source;
    private readonly TemplateValue[]? _items;
    private readonly IEnumerator<TemplateValue>? _lazy;
    private readonly List<TemplateValue>? _made;
    private readonly int _count;
    private bool _ended;

    private ItemCursor(Run run, TemplateValue source, TemplateValue[]? items, int count)
    {
        _run = run;
        _source = source;
        _items = items;
        _count = count;
    }

    public ItemCursor(Run run, IEnumerator<TemplateValue> lazy)
    {
        _run = run;
        _lazy = lazy;
        _made = [];
    }

    /// <summary>The items of the value; fails when it has none.</summary>
    public static ItemCursor Open(Run run, TemplateValue value)
    {
        switch (value.Kind)
        {
            case TemplateKind.List or TemplateKind.Tuple:
                return new ItemCursor(run, value, value.List.Items, value.List.Count);
            case TemplateKind.Dict:
                return new ItemCursor(run, value, value.Map.Keys, value.Map.Count);
            case TemplateKind.Undefined:
                return new ItemCursor(run, value, [], 0);
            case TemplateKind.DictView:
                return new ItemCursor(run, value, null, ((TemplateMapView)value.Reference).Map.Count);
            case TemplateKind.Range:
                return new ItemCursor(run, value, null, ((TemplateRange)value.Reference).Count);
            case TemplateKind.String when PythonText.IsPlain(value.Text):
                return new ItemCursor(run, value, null, value.Text.Length);
            case TemplateKind.String:
                run.AllocateItems(value.Text.Length);
                TemplateValue[] characters = [.. PythonText.Characters(value.Text).Select(TemplateValue.From)];
                return new ItemCursor(run, value, characters, characters.Length);
            case TemplateKind.Iterator:
                return new ItemCursor(run, ((TemplateIterator)value.Reference).Items);
            default:
                throw run.Fail($"{Kinds.Describe(value)} has no items to go through");
        }
    }

    public static bool CanOpen(TemplateValue value) => value.Kind is TemplateKind.List or TemplateKind.Tuple or TemplateKind.Dict
        or TemplateKind.Undefined or TemplateKind.DictView or TemplateKind.Range or TemplateKind.String or TemplateKind.Iterator
        or TemplateKind.Loop;

    public bool TryGet(int index, out TemplateValue item)
    {
        _run.Step();
        if (_lazy is not null)
        {
            return TryMake(index, out item);
        }

        if (index >= _count)
        {
            item = default;
            return false;
        }

        item = _items is not null ? _items[index] : At(index);
        return true;
    }

    /// <summary>How many items there are; makes them all.</summary>
    public int Count()
    {
        if (_lazy is null)
        {
            return _count;
        }

        while (TryGet(_made!.Count, out _))
        {
        }

        return _made.Count;
    }

    public TemplateValue[] ToArray()
    {
        int count = Count();
        _run.Spend(count);
        _run.AllocateItems(count);
        if (_lazy is not null)
        {
            return [.. _made!];
        }

        if (_items is not null)
        {
            return _items;
        }

        var items = new TemplateValue[count];
        for (int i = 0; i < count; i++)
        {
            items[i] = At(i);
        }

        return items;
    }

    private TemplateValue At(int index) => _source.Kind switch
    {
        TemplateKind.String => TemplateValue.From(PythonText.Character(_source.Text[index])),
        TemplateKind.Range => TemplateValue.From(((TemplateRange)_source.Reference).At(index)),
        _ => ((TemplateMapView)_source.Reference).At(index),
    };

    private bool TryMake(int index, out TemplateValue item)
    {
        while (_made!.Count <= index && !_ended)
        {
            if (_lazy!.MoveNext())
            {
                _run.AllocateItems(1);
                _made.Add(_lazy.Current);
            }
            else
            {
                _ended = true;
            }
        }

        item = index < _made.Count ? _made[index] : default;
        return index < _made.Count;
    }
}

using Orchard.Templates.Python;
using Orchard.Templates.Values;

namespace Orchard.Templates.Runtime;

/// <summary>Reads the items of an iterable value. Computes the items of an iterator on demand and keeps them.</summary>
internal sealed class ItemCursor
{
    private readonly RenderContext _context;
    private readonly TemplateValue _source;
    private readonly TemplateValue[]? _items;
    private readonly IEnumerator<TemplateValue>? _lazy;
    private readonly List<TemplateValue>? _made;
    private readonly int _count;
    private bool _ended;

    private ItemCursor(RenderContext context, TemplateValue source, TemplateValue[]? items, int count)
    {
        _context = context;
        _source = source;
        _items = items;
        _count = count;
    }

    public ItemCursor(RenderContext context, IEnumerator<TemplateValue> lazy)
    {
        _context = context;
        _lazy = lazy;
        _made = [];
    }

    /// <summary>Returns a cursor over the value; fails when it is not iterable.</summary>
    public static ItemCursor Open(RenderContext context, TemplateValue value)
    {
        switch (value.Kind)
        {
            case TemplateKind.List or TemplateKind.Tuple:
                return new ItemCursor(context, value, value.List.Items, value.List.Count);
            case TemplateKind.Dict:
                return new ItemCursor(context, value, value.Map.Keys, value.Map.Count);
            case TemplateKind.Undefined:
                return new ItemCursor(context, value, [], 0);
            case TemplateKind.DictView:
                return new ItemCursor(context, value, null, ((TemplateMapView)value.Object).Map.Count);
            case TemplateKind.Range:
                return new ItemCursor(context, value, null, ((TemplateRange)value.Object).Count);
            case TemplateKind.String when PythonText.IsPlain(value.Text):
                return new ItemCursor(context, value, null, value.Text.Length);
            case TemplateKind.String:
                context.AllocateItems(value.Text.Length);
                TemplateValue[] characters = [.. PythonText.Characters(value.Text).Select(TemplateValue.From)];
                return new ItemCursor(context, value, characters, characters.Length);
            case TemplateKind.Iterator:
                return new ItemCursor(context, ((TemplateIterator)value.Object).Items);
            default:
                throw context.Fail($"{value.Kind.Describe()} is not iterable");
        }
    }

    public static bool CanOpen(TemplateValue value) => value.Kind is TemplateKind.List or TemplateKind.Tuple or TemplateKind.Dict
        or TemplateKind.Undefined or TemplateKind.DictView or TemplateKind.Range or TemplateKind.String or TemplateKind.Iterator
        or TemplateKind.Loop;

    public bool TryGet(int index, out TemplateValue item)
    {
        _context.Step();
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

    /// <summary>Returns the number of items, after computing all of them.</summary>
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
        _context.Spend(count);
        _context.AllocateItems(count);
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
        TemplateKind.Range => TemplateValue.From(((TemplateRange)_source.Object).At(index)),
        _ => ((TemplateMapView)_source.Object).At(index),
    };

    private bool TryMake(int index, out TemplateValue item)
    {
        while (_made!.Count <= index && !_ended)
        {
            if (_lazy!.MoveNext())
            {
                _context.AllocateItems(1);
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

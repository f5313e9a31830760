namespace Orchard.Templates.Values;

/// <summary>A list or a tuple.</summary>
internal class TemplateList : TemplateObject
{
    // 0 until it is computed; a single byte, so that threads can share the list.
    private byte _hashable;

    /// <summary>Creates a list.</summary>
    public TemplateList(TemplateValue[] items)
        : this(TemplateKind.List, items)
    {
    }

    protected TemplateList(TemplateKind kind, TemplateValue[] items)
        : base(kind)
    {
        Items = items;
        Depth = Nesting.DepthAround(items);
    }

    public TemplateValue[] Items { get; }

    public int Count => Items.Length;

    public override bool IsTrue => Count > 0;

    public override int? Length => Count;

    /// <summary>False for a list, and for a tuple with an item that is not hashable.</summary>
    public override bool IsHashable
    {
        get
        {
            if (_hashable == 0)
            {
                _hashable = Kind == TemplateKind.Tuple && Array.TrueForAll(Items, item => item.IsHashable) ? (byte)1 : (byte)2;
            }

            return _hashable == 1;
        }
    }

    public static TemplateList Tuple(params TemplateValue[] items) => new(TemplateKind.Tuple, items);
}

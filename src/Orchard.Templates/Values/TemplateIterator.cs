namespace Orchard.Templates.Values;

/// <summary>Items that are computed on demand and can be enumerated once.</summary>
internal sealed class TemplateIterator : TemplateObject
{
    public TemplateIterator(IEnumerator<TemplateValue> items, TemplateValue source)
        : base(TemplateKind.Iterator)
    {
        Items = items;
        Depth = source.Depth + 1;
    }

    public IEnumerator<TemplateValue> Items { get; }
}

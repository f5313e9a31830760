namespace Orchard.Templates.Values;

/// <summary>An arithmetic progression, as Python's <c>range</c>.</summary>
internal sealed class TemplateRange(long start, long stop, long step, int count) : TemplateObject(TemplateKind.Range)
{
    public long Start { get; } = start;

    /// <summary>The end as given; not necessarily an item plus the step.</summary>
    public long Stop { get; } = stop;

    public long Step { get; } = step;

    public int Count { get; } = count;

    public override bool IsTrue => Count > 0;

    public override int? Length => Count;

    public long At(int index) => Start + (index * Step);
}

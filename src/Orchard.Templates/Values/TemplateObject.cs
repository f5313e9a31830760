namespace Orchard.Templates.Values;

/// <summary>A value that is kept on the heap, except for strings: a container, an iterator, a function and so on.</summary>
internal abstract class TemplateObject(TemplateKind kind)
{
    public TemplateKind Kind { get; } = kind;

    /// <summary>Nesting depth: 1 for a container of plain values, 0 for a value that is no container.</summary>
    /// <remarks>Recorded at construction, so that no recursion over a value can be too deep.</remarks>
    public int Depth { get; protected init; }

    /// <summary>Whether a condition on the value holds.</summary>
    public virtual bool IsTrue => true;

    /// <summary>Whether the value can be a key of a mapping.</summary>
    public virtual bool IsHashable => true;

    /// <summary>The length that Python's <c>len()</c> returns; null when the value has none.</summary>
    public virtual int? Length => null;
}

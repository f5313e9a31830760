using Orchard.Templates.Values;

namespace Orchard.Templates.Evaluation;

/// <summary>The variables of one call: of the template itself, a macro, a caller or the body of a recursive loop.</summary>
internal sealed class Frame(int slots, Frame? parent)
{
    public TemplateValue[] Slots { get; } = slots == 0 ? [] : new TemplateValue[slots];

    /// <summary>The frame that surrounds the definition of the function; the function sees its current values.</summary>
    public Frame? Parent { get; } = parent;
}

using Orchard.Templates.Values;

namespace Orchard.Templates.Runtime;

/// <summary>The variables of one call: of the template itself, a macro, a caller, or a recursive loop's body.</summary>
internal sealed class Frame(int slots, Frame? parent)
{
    public TemplateValue[] Slots { get; } = slots == 0 ? [] : new TemplateValue[slots];

    /// <summary>Where the function was written: its own variables are seen from inside it, as they are by then.</summary>
    public Frame? Parent { get; } = parent;
}

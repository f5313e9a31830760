using Orchard.Templates.Values;

namespace Orchard.Templates.Evaluation;

/// <summary>A variable of the function being executed.</summary>
internal readonly record struct Variable(SlotBlock Block, int Index)
{
    public void Set(Frame frame, TemplateValue value) => frame.Slots[Block.First + Index] = value;

    public TemplateValue Get(Frame frame) => frame.Slots[Block.First + Index];
}

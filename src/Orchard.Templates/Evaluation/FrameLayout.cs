namespace Orchard.Templates.Evaluation;

/// <summary>The slots of a function's frame: of the template itself, a macro, a caller or the body of a recursive loop.</summary>
internal sealed class FrameLayout
{
    private readonly List<SlotBlock> _blocks = [];

    /// <summary>The number of slots; 0 until <see cref="Complete"/>.</summary>
    public int SlotCount { get; private set; }

    public SlotBlock AddBlock()
    {
        var block = new SlotBlock();
        _blocks.Add(block);
        return block;
    }

    /// <summary>Places the blocks, after the whole template is parsed.</summary>
    public void Complete()
    {
        foreach (SlotBlock block in _blocks)
        {
            SlotCount = block.Place(SlotCount);
        }
    }
}

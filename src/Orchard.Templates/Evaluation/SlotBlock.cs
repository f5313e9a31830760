namespace Orchard.Templates.Evaluation;

/// <summary>The variables of one scope: consecutive slots of a frame. Complete once the template is parsed.</summary>
internal sealed class SlotBlock
{
    /// <summary>The index of the first slot.</summary>
    public int First { get; private set; }

    public int Count { get; private set; }

    /// <summary>Adds a variable and returns its index within the block.</summary>
    public int Add() => Count++;

    /// <summary>Places the block in the frame and returns the index of the slot after it.</summary>
    public int Place(int first)
    {
        First = first;
        return first + Count;
    }
}

using System.Runtime.InteropServices;
using Orchard.Engine.Inference.Media;

namespace Orchard.Engine.Scheduling;

/// <summary>What a slot of the KV cache holds, and whether a sequence runs there.</summary>
/// <param name="capacity">Number of tokens for which there is memory at once.</param>
internal sealed class Slot(int capacity)
{
    public List<int> Tokens { get; } = new(capacity);

    public ReadOnlySpan<int> Content => CollectionsMarshal.AsSpan(Tokens);

    /// <summary>Identifies the adapters that the tokens were computed with.</summary>
    public object? Variant { get; set; }

    /// <summary>The images and sounds in the tokens; null if there are none.</summary>
    public MediaSpans? Media { get; set; }

    /// <summary>The slot to which its tokens were copied last; null if they were not.</summary>
    public int? CopiedTo { get; set; }

    public bool IsRunning { get; set; }

    /// <summary>Whether its tokens were considered for being kept on disk.</summary>
    public bool IsSaved { get; set; }

    public long LastUse { get; set; }
}

namespace Orchard.Engine.Inference.Media;

/// <summary>Where a chunk is in the tokens of a prompt.</summary>
/// <param name="Start">Index of its first token.</param>
/// <param name="Chunk">The chunk.</param>
internal readonly record struct MediaSpan(int Start, MediaChunk Chunk)
{
    /// <summary>Index of the token after it.</summary>
    public int End => Start + Chunk.TokenCount;
}

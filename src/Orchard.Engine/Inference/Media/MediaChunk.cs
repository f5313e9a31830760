namespace Orchard.Engine.Inference.Media;

/// <summary>
/// Adjacent tokens of a prompt whose embeddings a projector has computed from an image or sound. Immutable, but the embeddings are freed
/// when no request holds them and the cache has dropped them.
/// </summary>
/// <param name="Placeholder">
/// Stands for each of the tokens in lists of tokens: a negative number, which is the same for the same content only.
/// </param>
/// <param name="TokenCount">Number of tokens.</param>
/// <param name="PositionCount">By how many positions the chunk advances; less than the tokens if positions are those in an image.</param>
/// <param name="IsNonCausal">Whether all tokens attend to each other, so that they must be decoded together.</param>
/// <param name="Embeddings">The embeddings, one after another.</param>
/// <param name="Grid">
/// Positions of the tokens relative to the first one, if positions have several dimensions; null if the tokens follow each other.
/// </param>
internal sealed record MediaChunk(
    int Placeholder,
    int TokenCount,
    int PositionCount,
    bool IsNonCausal,
    MediaEmbeddings Embeddings,
    IReadOnlyList<(int Time, int Row, int Column)>? Grid)
{
    /// <summary>Numbers per embedding.</summary>
    public int Width => (int)(Embeddings.Length / TokenCount);

    /// <summary>Position of the last token in the KV cache, relative to the first one.</summary>
    public int LastPosition => Grid is null ? TokenCount - 1 : Grid[^1].Time;
}

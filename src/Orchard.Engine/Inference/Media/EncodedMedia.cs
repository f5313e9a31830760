namespace Orchard.Engine.Inference.Media;

/// <summary>
/// What an image or sound becomes in a prompt. Immutable. Whoever creates or holds it releases it; the embeddings are freed when nobody
/// holds it any more, and only the places of its tokens remain.
/// </summary>
/// <param name="Pieces">Its parts, in order.</param>
internal sealed record EncodedMedia(IReadOnlyList<MediaPiece> Pieces)
{
    /// <summary>Memory of the embeddings.</summary>
    public long Bytes { get; } = Pieces.Sum(static piece => sizeof(float) * (piece.Chunk?.Embeddings.Length ?? 0));

    /// <summary>Keeps the embeddings until <see cref="Release"/> is called. Call only while somebody else holds them.</summary>
    /// <exception cref="ObjectDisposedException">The embeddings were freed.</exception>
    public void Hold()
    {
        foreach (MediaPiece piece in Pieces)
        {
            piece.Chunk?.Embeddings.Hold();
        }
    }

    /// <summary>Ends one hold. Call once for each.</summary>
    public void Release()
    {
        foreach (MediaPiece piece in Pieces)
        {
            piece.Chunk?.Embeddings.Release();
        }
    }
}

namespace Orchard.Engine.Inference.Media;

/// <summary>What an image or sound becomes in a prompt. Immutable.</summary>
/// <param name="Pieces">Its parts, in order.</param>
internal sealed record EncodedMedia(IReadOnlyList<MediaPiece> Pieces)
{
    /// <summary>Memory of the embeddings.</summary>
    public long Bytes { get; } = Pieces.Sum(static piece => sizeof(float) * (long)(piece.Chunk?.Embeddings.Length ?? 0));
}

namespace Orchard.Engine.Inference.Media;

/// <summary>A part of what an image or sound becomes in a prompt: tokens of the vocabulary, or a chunk with embeddings.</summary>
internal readonly record struct MediaPiece
{
    public MediaPiece(int[] text) => Text = text;

    public MediaPiece(MediaChunk chunk) => Chunk = chunk;

    /// <summary>The tokens; null for a chunk.</summary>
    public int[]? Text { get; }

    /// <summary>The chunk; null for tokens.</summary>
    public MediaChunk? Chunk { get; }

    public int TokenCount => Text?.Length ?? Chunk!.TokenCount;
}

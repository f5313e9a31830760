namespace Orchard.Engine.Inference.Media;

/// <summary>The tokens of a prompt.</summary>
/// <param name="Tokens">Tokens of the vocabulary, and placeholders for those of images and sound.</param>
/// <param name="Media">The images and sounds; null if there are none.</param>
internal readonly record struct PromptTokens(int[] Tokens, MediaSpans? Media)
{
    /// <summary>Puts a prompt together.</summary>
    public static PromptTokens Join(IEnumerable<MediaPiece> pieces)
    {
        var tokens = new List<int>();
        var spans = new List<MediaSpan>();
        foreach (MediaPiece piece in pieces)
        {
            if (piece.Chunk is { } chunk)
            {
                spans.Add(new MediaSpan(tokens.Count, chunk));
                tokens.AddRange(Enumerable.Repeat(chunk.Placeholder, chunk.TokenCount));
            }
            else
            {
                tokens.AddRange(piece.Text!);
            }
        }

        return new PromptTokens([.. tokens], spans.Count > 0 ? new MediaSpans(spans) : null);
    }
}

namespace Orchard.Engine.Inference.Media;

/// <summary>
/// The chunks in the tokens of a prompt. A prompt can be cut only between them, and its positions differ from the indices of its tokens
/// where an image takes fewer positions than tokens. Immutable.
/// </summary>
/// <param name="spans">The chunks, in order.</param>
internal sealed class MediaSpans(IReadOnlyList<MediaSpan> spans)
{
    /// <summary>Number of chunks.</summary>
    public int Count => spans.Count;

    /// <summary>Returns the chunk that contains the token with an index; null if that is a token of the vocabulary.</summary>
    public MediaSpan? At(int index)
    {
        foreach (MediaSpan span in spans)
        {
            if (index < span.End)
            {
                return index >= span.Start ? span : null;
            }
        }

        return null;
    }

    /// <summary>
    /// Returns the index of the first token from <paramref name="index"/> on that is in a chunk, at most <paramref name="end"/>.
    /// </summary>
    public int NextFrom(int index, int end)
    {
        foreach (MediaSpan span in spans)
        {
            if (index < span.End)
            {
                return Math.Min(Math.Max(span.Start, index), end);
            }
        }

        return end;
    }

    /// <summary>Returns the largest number of tokens that is not above <paramref name="length"/> and does not cut a chunk.</summary>
    public int Floor(int length) => length > 0 && At(length) is { } span && span.Start < length ? span.Start : length;

    /// <summary>Returns the position of the token with an index. Inside of a chunk, that of its first token.</summary>
    public int PositionOf(int index)
    {
        int position = index;
        foreach (MediaSpan span in spans)
        {
            if (index < span.End)
            {
                return index > span.Start ? position - (index - span.Start) : position;
            }

            position -= span.Chunk.TokenCount - span.Chunk.PositionCount;
        }

        return position;
    }

    /// <summary>Returns the positions at the end of the first <paramref name="length"/> tokens, which must not cut a chunk.</summary>
    public CachedLength LengthOf(int length)
    {
        int next = PositionOf(length);
        return length > 0 && At(length - 1) is { } span
            ? new CachedLength(next, PositionOf(span.Start) + span.Chunk.LastPosition)
            : next;
    }
}

namespace Orchard.Engine.Inference;

/// <summary>How long a sequence in the KV cache is, in positions. Without images, these are numbers of tokens.</summary>
/// <param name="Next">Position of the next token.</param>
/// <param name="Last">Position of the last token; the tokens of an image can share one that is followed by a gap.</param>
internal readonly record struct CachedLength(int Next, int Last)
{
    public static implicit operator CachedLength(int tokens) => new(tokens, tokens - 1);
}

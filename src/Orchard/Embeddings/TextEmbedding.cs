namespace Orchard;

/// <summary>The embedding of a text: a vector that is close to the vectors of texts with a similar meaning. Immutable.</summary>
public sealed class TextEmbedding
{
    /// <summary>The vector.</summary>
    public required ReadOnlyMemory<float> Vector { get; init; }

    /// <summary>Number of tokens in the text.</summary>
    public int TokenCount { get; init; }
}

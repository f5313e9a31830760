namespace Orchard;

/// <summary>A text as a vector: texts that mean the like have vectors that point the like. Immutable.</summary>
public sealed record TextEmbedding
{
    /// <summary>The vector.</summary>
    public required ReadOnlyMemory<float> Vector { get; init; }

    /// <summary>Tokens of the text.</summary>
    public int TokenCount { get; init; }
}

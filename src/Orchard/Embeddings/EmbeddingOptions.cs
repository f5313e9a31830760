using Orchard.Validation;

namespace Orchard;

/// <summary>How to embed texts. Immutable; share one instance between calls and threads.</summary>
public sealed record EmbeddingOptions
{
    internal static EmbeddingOptions Default { get; } = new();

    /// <summary>Whether vectors are scaled to length 1, so that their dot product is their cosine similarity (default: true).</summary>
    public bool Normalize { get; init; } = true;

    /// <summary>
    /// Keep this many numbers of each vector, the first ones, 1 to as many as the model gives (default: null, all). For models that are
    /// trained to be cut short; vectors are normalised after the cut.
    /// </summary>
    public int? Dimensions { get; init; }

    /// <summary>
    /// How to pool (default: null, the model's own way). A model for chat has none and needs one named; its vectors are not made for
    /// comparing.
    /// </summary>
    public EmbeddingPooling? Pooling { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range. The message names option, value and range.</exception>
    internal void Validate()
    {
        if (Dimensions is { } dimensions)
        {
            OptionRange.Require(dimensions >= 1, dimensions, "1 to as many as the model gives, or null for all", nameof(Dimensions));
        }

        if (Pooling is { } pooling)
        {
            OptionRange.Require(Enum.IsDefined(pooling), pooling, "Mean, Cls, Last, or null for the model's own", nameof(Pooling));
        }
    }
}

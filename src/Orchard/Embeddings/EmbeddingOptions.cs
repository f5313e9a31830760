using System.Runtime.CompilerServices;
using Orchard.Validation;

namespace Orchard;

/// <summary>How to compute embeddings. Immutable; one instance can be shared between calls and threads.</summary>
/// <remarks>Instances are compared by reference.</remarks>
public sealed record EmbeddingOptions
{
    internal static EmbeddingOptions Default { get; } = new();

    /// <summary>
    /// Whether embeddings are scaled to length 1, so that their dot product is their cosine similarity (default: true).
    /// </summary>
    public bool Normalize { get; init; } = true;

    /// <summary>
    /// Number of dimensions to keep, counted from the first, 1 to the model's embedding length (default: null, all). Use it with models
    /// trained for shortened (Matryoshka) embeddings. Embeddings are normalized after they are shortened.
    /// </summary>
    public int? Dimensions { get; init; }

    /// <summary>
    /// Pooling type: <see cref="EmbeddingPooling.Mean"/>, <see cref="EmbeddingPooling.Cls"/> or <see cref="EmbeddingPooling.Last"/>
    /// (default: <see cref="EmbeddingPooling.Unspecified"/>, the model's own). A chat model has no pooling type of its own and needs an
    /// explicit one; its embeddings are not trained for comparison.
    /// </summary>
    public EmbeddingPooling Pooling { get; init; }

    /// <summary>
    /// Whether the end of a text is cut off when it has more tokens than the model embeds at once (default: false, the call fails with
    /// <see cref="ContextLengthExceededException"/>). <see cref="TextEmbedding.TokenCount"/> tells how many tokens were embedded. Requires
    /// Orchard's own engine.
    /// </summary>
    public bool Truncate { get; init; }

    /// <summary>
    /// How long the model stays loaded after the call, zero to unload it at once, <see cref="Timeout.InfiniteTimeSpan"/> to keep it
    /// (default: null, which means <see cref="ModelOptions.KeepAlive"/>). Has no effect with engines other than Orchard's.
    /// </summary>
    public TimeSpan? KeepAlive { get; init; }

    /// <summary>Returns whether the other instance is this one.</summary>
    /// <param name="other">The other instance.</param>
    public bool Equals(EmbeddingOptions? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    /// <exception cref="ArgumentOutOfRangeException">
    /// A value is not allowed. The message names the option, its value and the range.
    /// </exception>
    internal void Validate()
    {
        if (Dimensions is { } dimensions)
        {
            OptionRange.Require(
                dimensions >= 1,
                dimensions,
                "1 to the model's embedding length, or null for all dimensions",
                nameof(Dimensions));
        }

        OptionRange.RequireKeepAlive(KeepAlive);
        OptionRange.Require(
            Pooling is EmbeddingPooling.Unspecified or EmbeddingPooling.Mean or EmbeddingPooling.Cls or EmbeddingPooling.Last,
            Pooling,
            "Unspecified, Mean, Cls or Last");
    }
}

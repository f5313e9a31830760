namespace Orchard.Engine.Inference;

/// <summary>Turns texts into vectors, or pairs of texts into ranks, beside the generation of text by the same weights. Thread-safe.</summary>
internal interface ITextEmbedder : IAsyncDisposable
{
    /// <summary>The model's own way to pool; <see cref="Pooling.None"/> when it has none.</summary>
    Pooling Pooling { get; }

    /// <summary>Most tokens of one text.</summary>
    int MaxTokens { get; }

    /// <summary>The tokens of a pair of texts, as a reranker was trained on.</summary>
    int[] JoinForRanking(ReadOnlySpan<int> query, ReadOnlySpan<int> document);

    /// <summary>One vector for each text, as the model gives it.</summary>
    /// <param name="texts">The tokens of each, 1 to <see cref="MaxTokens"/>.</param>
    /// <param name="pooling">How to pool; null for the model's own way.</param>
    /// <param name="cancellationToken">Ends the wait, between two batches at the latest.</param>
    /// <exception cref="DecodeException">The library failed.</exception>
    /// <exception cref="ObjectDisposedException">The model is unloaded.</exception>
    Task<float[][]> EmbedAsync(IReadOnlyList<int[]> texts, Pooling? pooling, CancellationToken cancellationToken);
}

namespace Orchard.Engine.Inference;

/// <summary>Computes embeddings of texts and relevance scores of text pairs with the weights of a model. Thread-safe.</summary>
internal interface ITextEmbedder : IAsyncDisposable
{
    /// <summary>The model's pooling; <see cref="Pooling.None"/> if it has none.</summary>
    Pooling Pooling { get; }

    /// <summary>Maximum number of tokens per text.</summary>
    int MaxTokens { get; }

    /// <summary>Joins the tokens of a query and a document in the way that rerankers are trained on.</summary>
    int[] JoinForRanking(ReadOnlySpan<int> query, ReadOnlySpan<int> document);

    /// <summary>Number of batches computed so far.</summary>
    long Steps { get; }

    /// <summary>Computes one vector per text, without normalization.</summary>
    /// <param name="texts">Tokens of each text, 1 to <see cref="MaxTokens"/>.</param>
    /// <param name="pooling">How to pool; null for the model's pooling.</param>
    /// <param name="onComputed">
    /// Called with the index of a text and its vector as soon as the vector is computed, in the order of the texts.
    /// </param>
    /// <param name="cancellationToken">Ends the wait, at the latest between two batches.</param>
    /// <exception cref="DecodeException">The native computation failed.</exception>
    /// <exception cref="ObjectDisposedException">The model is unloaded.</exception>
    Task EmbedAsync(
        IReadOnlyList<int[]> texts, Pooling? pooling, Action<int, float[]> onComputed, CancellationToken cancellationToken);
}

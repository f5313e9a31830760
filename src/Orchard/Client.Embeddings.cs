using Orchard.Validation;

namespace Orchard;

public sealed partial class Client
{
    /// <summary>Computes the embedding of a text.</summary>
    /// <param name="model">Path of a GGUF file of an embedding model. Loaded first if necessary.</param>
    /// <param name="text">The text. Control tokens in it are treated as plain text.</param>
    /// <param name="options">Embedding options; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The embedding.</returns>
    /// <inheritdoc cref="EmbedAsync(string, IReadOnlyList{string}, EmbeddingOptions?, CancellationToken)" path="/exception"/>
    public async Task<TextEmbedding> EmbedAsync(
        string model, string text, EmbeddingOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return (await EmbedAsync(model, [text], options, cancellationToken).ConfigureAwait(false))[0];
    }

    /// <summary>Computes the embeddings of several texts, in batches.</summary>
    /// <param name="model">Path of a GGUF file of an embedding model. Loaded first if necessary.</param>
    /// <param name="texts">The texts; at least one. Control tokens in them are treated as plain text.</param>
    /// <param name="options">Embedding options; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The embeddings in the order of <paramref name="texts"/>.</returns>
    /// <exception cref="ArgumentException">An argument or option is invalid, or the model has fewer dimensions than requested.</exception>
    /// <exception cref="ModelNotFoundException">The model is neither a known name nor an existing file.</exception>
    /// <exception cref="ModelLoadException">The engine could not load the model file.</exception>
    /// <exception cref="ContextLengthExceededException">A text is longer than the model's context.</exception>
    /// <exception cref="RequestRejectedException">
    /// The model does not support embeddings (code <c>unsupported</c>), or the engine rejected the request for another reason.
    /// </exception>
    /// <exception cref="EngineConnectionException">
    /// The engine process exited (<see cref="EngineDiedException"/>) or the connection to it ended before the answer was complete.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The client has been disposed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<IReadOnlyList<TextEmbedding>> EmbedAsync(
        string model, IReadOnlyList<string> texts, EmbeddingOptions? options = null, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        string[] checkedTexts = Utf16.Checked(texts);
        options ??= EmbeddingOptions.Default;
        options.Validate();
        return await ProviderOf(model, out string name).EmbedAsync(name, checkedTexts, options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sorts documents by relevance to a query, with a reranking model.</summary>
    /// <param name="model">Path of a GGUF file of a reranking model. Loaded first if necessary.</param>
    /// <param name="query">The query.</param>
    /// <param name="documents">The documents; at least one.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>All documents with their scores, most relevant first.</returns>
    /// <exception cref="RequestRejectedException">
    /// The model is not a reranking model (code <c>unsupported</c>), or the engine rejected the request for another reason.
    /// </exception>
    /// <inheritdoc
    ///     cref="EmbedAsync(string, IReadOnlyList{string}, EmbeddingOptions?, CancellationToken)"
    ///     path="/exception[not(contains(@cref, 'RequestRejected'))]"/>
    public async Task<IReadOnlyList<RankedDocument>> RerankAsync(
        string model, string query, IReadOnlyList<string> documents, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        string checkedQuery = Utf16.Checked([query])[0];
        string[] checkedDocuments = Utf16.Checked(documents);
        RankedDocument[] ranked = await ProviderOf(model, out string name)
            .RerankAsync(name, checkedQuery, checkedDocuments, cancellationToken).ConfigureAwait(false);
        return [.. ranked.OrderByDescending(static document => document.Score)];
    }
}

using Orchard.Calls;
using Orchard.Calls.Embeddings;
using Orchard.Validation;

namespace Orchard;

public sealed partial class Client
{
    /// <summary>Turns a text into a vector.</summary>
    /// <param name="model">The path of a GGUF file of an embedding model; loaded first if it is not.</param>
    /// <param name="text">The text. What looks like a control token in it is text.</param>
    /// <param name="options">How to embed; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <inheritdoc cref="EmbedAsync(string, IReadOnlyList{string}, EmbeddingOptions?, CancellationToken)" path="/exception"/>
    public async Task<TextEmbedding> EmbedAsync(
        string model, string text, EmbeddingOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return (await EmbedAsync(model, [text], options, cancellationToken).ConfigureAwait(false))[0];
    }

    /// <summary>Turns texts into vectors, many at a time.</summary>
    /// <param name="model">The path of a GGUF file of an embedding model; loaded first if it is not.</param>
    /// <param name="texts">The texts, at least one. What looks like a control token in them is text.</param>
    /// <param name="options">How to embed; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The vectors, in the order of <paramref name="texts"/>.</returns>
    /// <exception cref="ArgumentException">An argument or an option cannot be used, or the model gives fewer dimensions than are asked for.</exception>
    /// <exception cref="ModelNotFoundException">Neither an alias nor an existing file.</exception>
    /// <exception cref="ModelLoadException">The engine could not load the file.</exception>
    /// <exception cref="ContextLengthExceededException">A text is longer than the model takes.</exception>
    /// <exception cref="RequestRejectedException">The model is not made for embeddings (code <c>unsupported</c>), or the engine refused for another reason.</exception>
    /// <exception cref="EngineDiedException">The engine ended before the answer did.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    public async Task<IReadOnlyList<TextEmbedding>> EmbedAsync(
        string model, IReadOnlyList<string> texts, EmbeddingOptions? options = null, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        string[] checkedTexts = Utf16.Checked(texts);
        (options ?? EmbeddingOptions.Default).Validate();
        return await EmbedAsync(model, checkedTexts, options ?? EmbeddingOptions.Default, query: null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sorts documents by how well they answer a query, with a model that is made for that.</summary>
    /// <param name="model">The path of a GGUF file of a reranker; loaded first if it is not.</param>
    /// <param name="query">What is asked.</param>
    /// <param name="documents">The documents, at least one.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>All documents, best first.</returns>
    /// <exception cref="RequestRejectedException">The model is no reranker (code <c>unsupported</c>), or the engine refused for another reason.</exception>
    /// <inheritdoc cref="EmbedAsync(string, IReadOnlyList{string}, EmbeddingOptions?, CancellationToken)" path="/exception"/>
    public async Task<IReadOnlyList<RankedDocument>> RerankAsync(
        string model, string query, IReadOnlyList<string> documents, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        string checkedQuery = Utf16.Checked([query])[0];
        TextEmbedding[] scores =
            await EmbedAsync(model, Utf16.Checked(documents), EmbeddingOptions.Default, checkedQuery, cancellationToken).ConfigureAwait(false);
        return [.. scores.Select((score, index) => new RankedDocument { Index = index, Score = score.Vector.Span[0] }).OrderByDescending(document => document.Score)];
    }

    private async Task<TextEmbedding[]> EmbedAsync(
        string model, string[] texts, EmbeddingOptions options, string? query, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        var all = new List<TextEmbedding>(texts.Length);
        for (int start = 0; start < texts.Length; start += EmbeddingRequest.MaxTexts)
        {
            var part = new ArraySegment<string>(texts, start, Math.Min(EmbeddingRequest.MaxTexts, texts.Length - start));
            all.AddRange(await new EmbeddingRequest(model, part, options, query).RunAsync(_attempts, cancellationToken).ConfigureAwait(false));
        }

        return [.. all];
    }
}

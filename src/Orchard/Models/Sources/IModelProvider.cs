namespace Orchard.Models.Sources;

/// <summary>
/// Serves the models of a source to one client. The names of models are those after the source's own. Arguments are checked already.
/// Thread-safe. What a source cannot do is a <see cref="NotSupportedException"/> that names it; all other failures are the exceptions of
/// the client's methods. Disposal ends calls in flight with <see cref="ObjectDisposedException"/>.
/// </summary>
internal interface IModelProvider : IAsyncDisposable
{
    /// <summary>Streams the answers to conversations. Ending the enumeration early, or cancelling it, stops the generation.</summary>
    IAsyncEnumerable<ChatDelta> ChatAsync(string model, SourceRequest request, CancellationToken cancellationToken);

    /// <summary>Returns the embeddings in the order of the texts, shortened and normalized as the options say.</summary>
    Task<TextEmbedding[]> EmbedAsync(
        string model, IReadOnlyList<string> texts, EmbeddingOptions options, CancellationToken cancellationToken);

    /// <summary>Returns the scores of all documents, in any order.</summary>
    Task<RankedDocument[]> RerankAsync(
        string model, string query, IReadOnlyList<string> documents, CancellationToken cancellationToken);

    /// <summary>Splits a text into tokens.</summary>
    Task<int[]> TokenizeAsync(string model, string text, bool specialTokens, CancellationToken cancellationToken);

    /// <summary>Converts tokens to text.</summary>
    Task<string> DetokenizeAsync(string model, IReadOnlyList<int> tokens, bool specialTokens, CancellationToken cancellationToken);

    /// <summary>Counts the tokens of the prompt of a conversation.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prompt">The conversation; its options are not null.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<int> CountTokensAsync(string model, ChatPrompt prompt, CancellationToken cancellationToken);

    /// <summary>Waits until the source says that it serves the model. Concurrent callers share one inquiry.</summary>
    Task<ModelInfo> EnsureLoadedAsync(string model, CancellationToken cancellationToken);

    /// <summary>Returns the status of a model. Neither waits nor connects.</summary>
    ModelStatus GetStatus(string model);

    /// <summary>Returns the status of every model that was used. Neither waits nor connects.</summary>
    IReadOnlyList<ModelStatus> List();
}

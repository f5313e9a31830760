using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Orchard.Responses;

namespace Orchard;

/// <summary>A handle for calls to one model of a <see cref="Client"/>; see <see cref="ModelClientExtensions.Model"/>.</summary>
/// <remarks>Immutable and thread-safe. It shares the client, which must be disposed separately. The first call loads the model.</remarks>
public sealed class ModelClient
{
    private readonly Client _client;

    internal ModelClient(Client client, string name)
    {
        _client = client;
        Name = name;
    }

    /// <summary>The model as it was passed to <see cref="ModelClientExtensions.Model"/>.</summary>
    public string Name { get; }

    /// <inheritdoc cref="Client.ChatAsync(string, string, GenerationOptions?, CancellationToken)"/>
    public Task<ChatResult> ChatAsync(string prompt, GenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        _client.ChatAsync(Name, prompt, options, cancellationToken);

    /// <inheritdoc cref="Client.ChatAsync(string, IReadOnlyList{Message}, GenerationOptions?, CancellationToken)"/>
    public Task<ChatResult> ChatAsync(
        IReadOnlyList<Message> messages, GenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        _client.ChatAsync(Name, messages, options, cancellationToken);

    /// <inheritdoc cref="Client.ChatAsync{T}(string, string, JsonTypeInfo{T}, GenerationOptions?, CancellationToken)"/>
    public Task<ChatResult<T>> ChatAsync<T>(
        string prompt, JsonTypeInfo<T> type, GenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        _client.ChatAsync(Name, prompt, type, options, cancellationToken);

    /// <inheritdoc cref="Client.ChatAsync{T}(string, IReadOnlyList{Message}, JsonTypeInfo{T}, GenerationOptions?, CancellationToken)"/>
    public Task<ChatResult<T>> ChatAsync<T>(
        IReadOnlyList<Message> messages,
        JsonTypeInfo<T> type,
        GenerationOptions? options = null,
        CancellationToken cancellationToken = default) =>
        _client.ChatAsync(Name, messages, type, options, cancellationToken);

    /// <inheritdoc cref="Client.ChatAsync{T}(string, string, JsonSerializerOptions, GenerationOptions?, CancellationToken)"/>
    public Task<ChatResult<T>> ChatAsync<T>(
        string prompt,
        JsonSerializerOptions serializerOptions,
        GenerationOptions? options = null,
        CancellationToken cancellationToken = default) =>
        _client.ChatAsync<T>(Name, prompt, serializerOptions, options, cancellationToken);

    /// <inheritdoc
    ///     cref="Client.ChatAsync{T}(string, IReadOnlyList{Message}, JsonSerializerOptions, GenerationOptions?, CancellationToken)"/>
    public Task<ChatResult<T>> ChatAsync<T>(
        IReadOnlyList<Message> messages,
        JsonSerializerOptions serializerOptions,
        GenerationOptions? options = null,
        CancellationToken cancellationToken = default) =>
        _client.ChatAsync<T>(Name, messages, serializerOptions, options, cancellationToken);

    /// <inheritdoc cref="Client.RunToolsAsync(string, string, GenerationOptions, ToolRunOptions?, CancellationToken)"/>
    public Task<ToolRun> RunToolsAsync(
        string prompt, GenerationOptions options, ToolRunOptions? limits = null, CancellationToken cancellationToken = default) =>
        _client.RunToolsAsync(Name, prompt, options, limits, cancellationToken);

    /// <inheritdoc cref="Client.RunToolsAsync(string, IReadOnlyList{Message}, GenerationOptions, ToolRunOptions?, CancellationToken)"/>
    public Task<ToolRun> RunToolsAsync(
        IReadOnlyList<Message> messages,
        GenerationOptions options,
        ToolRunOptions? limits = null,
        CancellationToken cancellationToken = default) =>
        _client.RunToolsAsync(Name, messages, options, limits, cancellationToken);

    /// <inheritdoc cref="Client.ChatStreamAsync(string, string, GenerationOptions?, CancellationToken)"/>
    public IAsyncEnumerable<ChatDelta> ChatStreamAsync(
        string prompt, GenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        _client.ChatStreamAsync(Name, prompt, options, cancellationToken);

    /// <inheritdoc cref="Client.ChatStreamAsync(string, IReadOnlyList{Message}, GenerationOptions?, CancellationToken)"/>
    public IAsyncEnumerable<ChatDelta> ChatStreamAsync(
        IReadOnlyList<Message> messages, GenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        _client.ChatStreamAsync(Name, messages, options, cancellationToken);

    /// <inheritdoc cref="Client.ChatBatchAsync(string, IReadOnlyList{IReadOnlyList{Message}}, GenerationOptions?, CancellationToken)"/>
    public Task<IReadOnlyList<ChatResult>> ChatBatchAsync(
        IReadOnlyList<IReadOnlyList<Message>> conversations,
        GenerationOptions? options = null,
        CancellationToken cancellationToken = default) =>
        _client.ChatBatchAsync(Name, conversations, options, cancellationToken);

    /// <inheritdoc cref="Client.ChatBatchAsync(string, IReadOnlyList{ChatPrompt}, CancellationToken)"/>
    [OverloadResolutionPriority(-1)] // as on the client
    public Task<IReadOnlyList<ChatResult>> ChatBatchAsync(
        IReadOnlyList<ChatPrompt> prompts, CancellationToken cancellationToken = default) =>
        _client.ChatBatchAsync(Name, prompts, cancellationToken);

    /// <inheritdoc
    ///     cref="Client.ChatBatchStreamAsync(string, IReadOnlyList{IReadOnlyList{Message}}, GenerationOptions?, CancellationToken)"/>
    public IAsyncEnumerable<ChatDelta> ChatBatchStreamAsync(
        IReadOnlyList<IReadOnlyList<Message>> conversations,
        GenerationOptions? options = null,
        CancellationToken cancellationToken = default) =>
        _client.ChatBatchStreamAsync(Name, conversations, options, cancellationToken);

    /// <inheritdoc cref="Client.ChatBatchStreamAsync(string, IReadOnlyList{ChatPrompt}, CancellationToken)"/>
    [OverloadResolutionPriority(-1)] // as on the client
    public IAsyncEnumerable<ChatDelta> ChatBatchStreamAsync(
        IReadOnlyList<ChatPrompt> prompts, CancellationToken cancellationToken = default) =>
        _client.ChatBatchStreamAsync(Name, prompts, cancellationToken);

    /// <inheritdoc cref="Client.ResponsesAsync(string, string, GenerationOptions?, CancellationToken)"/>
    public Task<Response> ResponsesAsync(string input, GenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        _client.ResponsesAsync(Name, input, options, cancellationToken);

    /// <inheritdoc cref="Client.ResponsesAsync(string, ResponseRequest, CancellationToken)"/>
    public Task<Response> ResponsesAsync(ResponseRequest request, CancellationToken cancellationToken = default) =>
        _client.ResponsesAsync(Name, request, cancellationToken);

    /// <inheritdoc cref="Client.ResponsesStreamAsync(string, string, GenerationOptions?, CancellationToken)"/>
    public IAsyncEnumerable<ResponseEvent> ResponsesStreamAsync(
        string input, GenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        _client.ResponsesStreamAsync(Name, input, options, cancellationToken);

    /// <inheritdoc cref="Client.ResponsesStreamAsync(string, ResponseRequest, CancellationToken)"/>
    public IAsyncEnumerable<ResponseEvent> ResponsesStreamAsync(ResponseRequest request, CancellationToken cancellationToken = default) =>
        _client.ResponsesStreamAsync(Name, request, cancellationToken);

    /// <inheritdoc cref="Client.EmbedAsync(string, string, EmbeddingOptions?, CancellationToken)"/>
    public Task<TextEmbedding> EmbedAsync(string text, EmbeddingOptions? options = null, CancellationToken cancellationToken = default) =>
        _client.EmbedAsync(Name, text, options, cancellationToken);

    /// <inheritdoc cref="Client.EmbedAsync(string, IReadOnlyList{string}, EmbeddingOptions?, CancellationToken)"/>
    public Task<IReadOnlyList<TextEmbedding>> EmbedAsync(
        IReadOnlyList<string> texts, EmbeddingOptions? options = null, CancellationToken cancellationToken = default) =>
        _client.EmbedAsync(Name, texts, options, cancellationToken);

    /// <inheritdoc cref="Client.RerankAsync"/>
    public Task<IReadOnlyList<RankedDocument>> RerankAsync(
        string query, IReadOnlyList<string> documents, CancellationToken cancellationToken = default) =>
        _client.RerankAsync(Name, query, documents, cancellationToken);

    /// <inheritdoc cref="Client.RenderPromptAsync"/>
    public Task<string> RenderPromptAsync(
        IReadOnlyList<Message> messages, GenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        _client.RenderPromptAsync(Name, messages, options, cancellationToken);

    /// <inheritdoc cref="Client.TokenizeAsync(string, string, bool, CancellationToken)"/>
    public Task<IReadOnlyList<int>> TokenizeAsync(string text, bool specialTokens = false, CancellationToken cancellationToken = default) =>
        _client.TokenizeAsync(Name, text, specialTokens, cancellationToken);

    /// <inheritdoc cref="Client.DetokenizeAsync"/>
    public Task<string> DetokenizeAsync(
        IReadOnlyList<int> tokens, bool specialTokens = false, CancellationToken cancellationToken = default) =>
        _client.DetokenizeAsync(Name, tokens, specialTokens, cancellationToken);

    /// <inheritdoc cref="Client.CountTokensAsync(string, string, CancellationToken)"/>
    public Task<int> CountTokensAsync(string text, CancellationToken cancellationToken = default) =>
        _client.CountTokensAsync(Name, text, cancellationToken);

    /// <inheritdoc cref="Client.CountTokensAsync(string, IReadOnlyList{Message}, GenerationOptions?, CancellationToken)"/>
    public Task<int> CountTokensAsync(
        IReadOnlyList<Message> messages, GenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        _client.CountTokensAsync(Name, messages, options, cancellationToken);

    /// <inheritdoc cref="Client.CountTokensAsync(string, ResponseRequest, CancellationToken)"/>
    public Task<int> CountTokensAsync(ResponseRequest request, CancellationToken cancellationToken = default) =>
        _client.CountTokensAsync(Name, request, cancellationToken);

    /// <inheritdoc cref="ModelRegistry.DownloadAsync"/>
    public Task<LocalModel> DownloadAsync(
        IProgress<ModelLoadProgress>? progress = null, CancellationToken cancellationToken = default) =>
        _client.Models.DownloadAsync(Name, progress, cancellationToken);

    /// <inheritdoc cref="ModelRegistry.DeleteAsync"/>
    public Task<bool> DeleteAsync(CancellationToken cancellationToken = default) => _client.Models.DeleteAsync(Name, cancellationToken);

    /// <inheritdoc cref="ModelRegistry.EnsureLoadedAsync(string, ModelOptions, IProgress{ModelLoadProgress}?, CancellationToken)"/>
    public Task<ModelInfo> EnsureLoadedAsync(
        ModelOptions options, IProgress<ModelLoadProgress>? progress = null, CancellationToken cancellationToken = default) =>
        _client.Models.EnsureLoadedAsync(Name, options, progress, cancellationToken);

    /// <inheritdoc cref="ModelRegistry.EnsureLoadedAsync(string, IProgress{ModelLoadProgress}?, CancellationToken)"/>
    public Task<ModelInfo> EnsureLoadedAsync(
        IProgress<ModelLoadProgress>? progress = null, CancellationToken cancellationToken = default) =>
        _client.Models.EnsureLoadedAsync(Name, progress, cancellationToken);

    /// <inheritdoc cref="ModelRegistry.UnloadAsync"/>
    public Task<bool> UnloadAsync(UnloadMode mode = UnloadMode.WaitForUsers, CancellationToken cancellationToken = default) =>
        _client.Models.UnloadAsync(Name, mode, cancellationToken);

    /// <inheritdoc cref="ModelRegistry.GetStatus"/>
    public ModelStatus GetStatus() => _client.Models.GetStatus(Name);
}

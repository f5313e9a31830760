using System.Runtime.CompilerServices;
using System.Text;
using Orchard.Calls;
using Orchard.Calls.Chat;
using Orchard.Models;

namespace Orchard;

public sealed partial class Client
{
    /// <summary>Sends a single user message and returns the complete answer.</summary>
    /// <param name="model"><c>starter</c>, the path of a GGUF file, or a name of the hub. Loaded first if necessary.</param>
    /// <param name="prompt">The user message.</param>
    /// <param name="options">Generation options; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the call and stops the generation in the engine.</param>
    /// <inheritdoc cref="ChatAsync(string, IReadOnlyList{Message}, GenerationOptions?, CancellationToken)"/>
    public Task<ChatResult> ChatAsync(
        string model, string prompt, GenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return ChatAsync(model, [Message.User(prompt)], options, cancellationToken);
    }

    /// <summary>Continues a conversation and returns the complete answer.</summary>
    /// <param name="model"><c>starter</c>, the path of a GGUF file, or a name of the hub. Loaded first if necessary.</param>
    /// <param name="messages">The conversation so far, oldest message first; at least one message.</param>
    /// <param name="options">Generation options; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the call and stops the generation in the engine.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="ArgumentException">An argument or an option is invalid. Nothing was sent.</exception>
    /// <exception cref="ModelNotFoundException">The model is neither a known name nor an existing file.</exception>
    /// <exception cref="ModelLoadException">The engine could not load the model file.</exception>
    /// <exception cref="ContextLengthExceededException">The conversation does not fit into the model's context.</exception>
    /// <exception cref="RequestRejectedException">The engine rejected the request.</exception>
    /// <exception cref="RequestStalledException">The request made no progress for <see cref="ClientOptions.StallTimeout"/>.</exception>
    /// <exception cref="EngineNotFoundException">The engine executable was not found.</exception>
    /// <exception cref="EngineStartException">The engine failed to start, or did not respond in time.</exception>
    /// <exception cref="EngineConnectionException">
    /// The engine process exited (<see cref="EngineDiedException"/>) or the connection to it ended before the answer was complete.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The client has been disposed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<ChatResult> ChatAsync(
        string model, IReadOnlyList<Message> messages, GenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<ChatResult> results = await CollectAsync(Single(model, messages, options), cancellationToken).ConfigureAwait(false);
        return results[0];
    }

    /// <summary>Sends a single user message and streams the answer as it is generated.</summary>
    /// <param name="model"><c>starter</c>, the path of a GGUF file, or a name of the hub. Loaded first if necessary.</param>
    /// <param name="prompt">The user message.</param>
    /// <param name="options">Generation options; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the call and stops the generation in the engine.</param>
    /// <inheritdoc cref="ChatStreamAsync(string, IReadOnlyList{Message}, GenerationOptions?, CancellationToken)"/>
    public IAsyncEnumerable<ChatDelta> ChatStreamAsync(
        string model, string prompt, GenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return ChatStreamAsync(model, [Message.User(prompt)], options, cancellationToken);
    }

    /// <summary>Continues a conversation and streams the answer as it is generated.</summary>
    /// <remarks>
    /// Arguments are checked at once. The request is sent when the enumeration starts; all other exceptions are thrown by the enumeration.
    /// Leaving the loop early stops the generation.
    /// </remarks>
    /// <param name="model"><c>starter</c>, the path of a GGUF file, or a name of the hub. Loaded first if necessary.</param>
    /// <param name="messages">The conversation so far, oldest message first; at least one message.</param>
    /// <param name="options">Generation options; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the call and stops the generation in the engine.</param>
    /// <returns>The parts of the answer in order. The last one has the finish reason and the token usage.</returns>
    /// <inheritdoc cref="ChatAsync(string, IReadOnlyList{Message}, GenerationOptions?, CancellationToken)" path="/exception"/>
    public IAsyncEnumerable<ChatDelta> ChatStreamAsync(
        string model, IReadOnlyList<Message> messages, GenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return new OneReadAtATime<ChatDelta>(Call(Single(model, messages, options).ForStream()).StreamAsync(cancellationToken));
    }

    /// <summary>Continues several conversations in one request, which are decoded in one batch, and returns all answers.</summary>
    /// <param name="model"><c>starter</c>, the path of a GGUF file, or a name of the hub. Loaded first if necessary.</param>
    /// <param name="conversations">The conversations; at least one, each with at least one message.</param>
    /// <param name="options">Generation options of all conversations; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the call and stops the generation in the engine.</param>
    /// <returns>
    /// The answers in the order of <paramref name="conversations"/>. A conversation that the chat template or the engine rejected, or that
    /// failed later, has its <see cref="ChatResult.Error"/> set; the other answers are not affected.
    /// </returns>
    /// <inheritdoc cref="ChatAsync(string, IReadOnlyList{Message}, GenerationOptions?, CancellationToken)" path="/exception"/>
    public Task<IReadOnlyList<ChatResult>> ChatBatchAsync(
        string model,
        IReadOnlyList<IReadOnlyList<Message>> conversations,
        GenerationOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        return CollectAsync(Batch(model, conversations, options), cancellationToken);
    }

    /// <summary>Continues several conversations in one request, each with its own options, and returns all answers.</summary>
    /// <param name="model"><c>starter</c>, the path of a GGUF file, or a name of the hub. Loaded first if necessary.</param>
    /// <param name="prompts">The conversations; at least one, each with at least one message.</param>
    /// <param name="cancellationToken">Cancels the call and stops the generation in the engine.</param>
    /// <returns>
    /// The answers in the order of <paramref name="prompts"/>. A conversation that the chat template or the engine rejected, or that failed
    /// later, has its <see cref="ChatResult.Error"/> set; the other answers are not affected.
    /// </returns>
    /// <inheritdoc cref="ChatAsync(string, IReadOnlyList{Message}, GenerationOptions?, CancellationToken)" path="/exception"/>
    [OverloadResolutionPriority(-1)] // an empty collection expression fits both overloads
    public Task<IReadOnlyList<ChatResult>> ChatBatchAsync(
        string model, IReadOnlyList<ChatPrompt> prompts, CancellationToken cancellationToken = default) =>
        CollectAsync(Batch(model, prompts), cancellationToken);

    /// <summary>
    /// Continues several conversations in one request, each with its own options, and streams all answers as they are generated.
    /// </summary>
    /// <remarks>
    /// Arguments are checked at once. The request is sent when the enumeration starts; all other exceptions are thrown by the enumeration.
    /// <see cref="ChatDelta.PromptIndex"/> and <see cref="ChatDelta.CandidateIndex"/> identify the answer that a part belongs to. Leaving
    /// the loop early stops the generation.
    /// </remarks>
    /// <param name="model"><c>starter</c>, the path of a GGUF file, or a name of the hub. Loaded first if necessary.</param>
    /// <param name="prompts">The conversations; at least one, each with at least one message.</param>
    /// <param name="cancellationToken">Cancels the call and stops the generation in the engine.</param>
    /// <returns>
    /// The parts of all answers; the parts of one answer are in order. The last part of each has the finish reason and the token usage, or
    /// the error if that conversation failed.
    /// </returns>
    /// <inheritdoc cref="ChatAsync(string, IReadOnlyList{Message}, GenerationOptions?, CancellationToken)" path="/exception"/>
    [OverloadResolutionPriority(-1)] // an empty collection expression fits both overloads
    public IAsyncEnumerable<ChatDelta> ChatBatchStreamAsync(
        string model, IReadOnlyList<ChatPrompt> prompts, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return new OneReadAtATime<ChatDelta>(Call(Batch(model, prompts).ForStream()).StreamAsync(cancellationToken));
    }

    /// <summary>
    /// Continues several conversations in one request, which are decoded in one batch, and streams all answers as they are generated.
    /// </summary>
    /// <remarks>
    /// Arguments are checked at once. The request is sent when the enumeration starts; all other exceptions are thrown by the enumeration.
    /// <see cref="ChatDelta.PromptIndex"/> and <see cref="ChatDelta.CandidateIndex"/> identify the answer that a part belongs to. Leaving
    /// the loop early stops the generation.
    /// </remarks>
    /// <param name="model"><c>starter</c>, the path of a GGUF file, or a name of the hub. Loaded first if necessary.</param>
    /// <param name="conversations">The conversations; at least one, each with at least one message.</param>
    /// <param name="options">Generation options of all conversations; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the call and stops the generation in the engine.</param>
    /// <returns>
    /// The parts of all answers; the parts of one answer are in order. The last part of each has the finish reason and the token usage, or
    /// the error if that conversation failed.
    /// </returns>
    /// <inheritdoc cref="ChatAsync(string, IReadOnlyList{Message}, GenerationOptions?, CancellationToken)" path="/exception"/>
    public IAsyncEnumerable<ChatDelta> ChatBatchStreamAsync(
        string model,
        IReadOnlyList<IReadOnlyList<Message>> conversations,
        GenerationOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return new OneReadAtATime<ChatDelta>(Call(Batch(model, conversations, options).ForStream()).StreamAsync(cancellationToken));
    }

    /// <summary>Renders a conversation with the model's chat template, without sending it. For inspection and tests.</summary>
    /// <param name="model"><c>starter</c>, the path of a GGUF file, or a name of the hub. Loaded first if necessary.</param>
    /// <param name="messages">The conversation so far, oldest message first; at least one message.</param>
    /// <param name="options">
    /// Options of the call. Those that affect the prompt count, such as the chat template, its variables and the tools. Null for the
    /// defaults.
    /// </param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The prompt, including the beginning of the turn that the model would continue.</returns>
    /// <inheritdoc cref="ChatAsync(string, IReadOnlyList{Message}, GenerationOptions?, CancellationToken)" path="/exception"/>
    /// <exception cref="ChatTemplateException">The template rejects the conversation, or fails to render.</exception>
    public async Task<string> RenderPromptAsync(
        string model, IReadOnlyList<Message> messages, GenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        ChatRequest request = Single(model, messages, options);
        using ModelLease lease = await Models.AcquireAsync(_sources.ToLocal(model), cancellationToken).ConfigureAwait(false);
        return Encoding.UTF8.GetString(request.Render(lease.Model, cancellationToken).Frame.Prompts[0].Text.Span);
    }

    private async Task<IReadOnlyList<ChatResult>> CollectAsync(ChatRequest request, CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        var answers = new AnswerCollector(request.Options);
        await foreach (ChatDelta delta in Call(request).StreamAsync(cancellationToken).ConfigureAwait(false))
        {
            answers.Add(delta);
        }

        return answers.ToResults();
    }

    private static ChatRequest Single(string model, IReadOnlyList<Message> messages, GenerationOptions? options) =>
        new(model, [new ChatPrompt(messages, options)]);

    private static ChatRequest Batch(string model, IReadOnlyList<IReadOnlyList<Message>> conversations, GenerationOptions? options) =>
        conversations is { Count: > 0 }
            ? new ChatRequest(model, [.. conversations.Select(messages => new ChatPrompt(messages, options))], keepsFailures: true)
            : throw new ArgumentException("The batch has no conversations; it needs at least one.", nameof(conversations));

    private static ChatRequest Batch(string model, IReadOnlyList<ChatPrompt> prompts) =>
        prompts is { Count: > 0 }
            ? new ChatRequest(model, [.. prompts], keepsFailures: true)
            : throw new ArgumentException("The batch has no prompts; it needs at least one.", nameof(prompts));

    private ChatCall Call(ChatRequest request) => new(request, _attempts, _sources);
}

using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using Orchard.Calls;
using Orchard.Calls.Chat;
using Orchard.Models;

namespace Orchard;

public sealed partial class Client
{
    /// <summary>Asks one question and waits for the whole answer.</summary>
    /// <param name="model"><c>starter</c>, or the path of a GGUF file; loaded first if it is not.</param>
    /// <param name="prompt">The question.</param>
    /// <param name="options">How to generate; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the call and frees its place in the engine.</param>
    /// <inheritdoc cref="ChatAsync(string, IReadOnlyList{Message}, GenerationOptions?, CancellationToken)"/>
    public Task<ChatResult> ChatAsync(
        string model, string prompt, GenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return ChatAsync(model, [Message.User(prompt)], options, cancellationToken);
    }

    /// <summary>Continues a conversation and waits for the whole answer.</summary>
    /// <param name="model"><c>starter</c>, or the path of a GGUF file; loaded first if it is not.</param>
    /// <param name="messages">The conversation so far, oldest first, at least one message.</param>
    /// <param name="options">How to generate; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the call and frees its place in the engine.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="ArgumentException">An argument or an option cannot be used; nothing was sent.</exception>
    /// <exception cref="ModelNotFoundException">Neither an alias nor an existing file.</exception>
    /// <exception cref="ModelLoadException">The engine could not load the file.</exception>
    /// <exception cref="ContextLengthExceededException">The conversation does not fit the model's context.</exception>
    /// <exception cref="RequestRejectedException">The engine refused the request.</exception>
    /// <exception cref="EngineDiedException">The engine ended before the answer did.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    public async Task<ChatResult> ChatAsync(
        string model, IReadOnlyList<Message> messages, GenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<ChatResult> results = await CollectAsync(Single(model, messages, options), cancellationToken).ConfigureAwait(false);
        return results[0];
    }

    /// <summary>Asks for an answer that is a value: the model can write nothing but JSON of its type.</summary>
    /// <typeparam name="T">What is asked for.</typeparam>
    /// <param name="model">An alias such as <c>starter</c>, or the path of a GGUF file.</param>
    /// <param name="messages">The conversation so far.</param>
    /// <param name="type">
    /// How the type is written as JSON, from a source-generated <c>JsonSerializerContext</c>. Every property is asked for; those that may be
    /// null can be null.
    /// </param>
    /// <param name="options">How to generate; the format is that of the type (default: null, <see cref="GenerationOptions"/> as they are).</param>
    /// <param name="cancellationToken">Ends the wait, and frees the request's place in the engine.</param>
    /// <exception cref="StructuredOutputException">The answer was cut off, or is no such value.</exception>
    /// <exception cref="UnsupportedSchemaException">The type has something that the engine cannot hold a model to.</exception>
    /// <exception cref="ArgumentException">Something cannot be sent, or the options have a format of their own.</exception>
    /// <exception cref="OrchardException">The engine, the model or the request failed; see its classes.</exception>
    public async Task<ChatResult<T>> ChatAsync<T>(
        string model,
        IReadOnlyList<Message> messages,
        JsonTypeInfo<T> type,
        GenerationOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(type);
        GenerationOptions held = StructuredOutput.Hold(options, type);
        ChatResult result = await ChatAsync(model, messages, held, cancellationToken).ConfigureAwait(false);
        return new ChatResult<T>(StructuredOutput.Read(result, type), result);
    }

    /// <summary>Asks one question and yields the answer as it is generated.</summary>
    /// <param name="model"><c>starter</c>, or the path of a GGUF file; loaded first if it is not.</param>
    /// <param name="prompt">The question.</param>
    /// <param name="options">How to generate; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the call and frees its place in the engine.</param>
    /// <inheritdoc cref="ChatStreamAsync(string, IReadOnlyList{Message}, GenerationOptions?, CancellationToken)"/>
    public IAsyncEnumerable<ChatDelta> ChatStreamAsync(
        string model, string prompt, GenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return ChatStreamAsync(model, [Message.User(prompt)], options, cancellationToken);
    }

    /// <summary>Continues a conversation and yields the answer as it is generated.</summary>
    /// <remarks>
    /// Arguments are checked at once; the rest happens as the stream is read. Leaving the loop early ends the generation in the engine.
    /// </remarks>
    /// <param name="model"><c>starter</c>, or the path of a GGUF file; loaded first if it is not.</param>
    /// <param name="messages">The conversation so far, oldest first, at least one message.</param>
    /// <param name="options">How to generate; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the call and frees its place in the engine.</param>
    /// <returns>The pieces of the answer, in order. The last one has a finish reason and the usage.</returns>
    /// <inheritdoc cref="ChatAsync(string, IReadOnlyList{Message}, GenerationOptions?, CancellationToken)" path="/exception"/>
    public IAsyncEnumerable<ChatDelta> ChatStreamAsync(
        string model, IReadOnlyList<Message> messages, GenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return Call(Single(model, messages, options).ForStream()).StreamAsync(cancellationToken);
    }

    /// <summary>Continues several conversations in one request, decoded together, and waits for all answers.</summary>
    /// <param name="model"><c>starter</c>, or the path of a GGUF file; loaded first if it is not.</param>
    /// <param name="conversations">The conversations, at least one, each with at least one message.</param>
    /// <param name="options">How to generate, for all of them; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the call and frees its places in the engine.</param>
    /// <returns>
    /// The answers, in the order of <paramref name="conversations"/>. One that the chat template or the engine refused, or that could not
    /// be finished, has its <see cref="ChatResult.Error"/>; the others are not lost with it.
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

    /// <summary>Continues several conversations in one request, each with options of its own, and waits for all answers.</summary>
    /// <param name="model"><c>starter</c>, or the path of a GGUF file; loaded first if it is not.</param>
    /// <param name="prompts">The conversations, at least one, each with at least one message.</param>
    /// <param name="cancellationToken">Ends the call and frees its places in the engine.</param>
    /// <returns>
    /// The answers, in the order of <paramref name="prompts"/>. One that the chat template or the engine refused, or that could not be
    /// finished, has its <see cref="ChatResult.Error"/>; the others are not lost with it.
    /// </returns>
    /// <inheritdoc cref="ChatAsync(string, IReadOnlyList{Message}, GenerationOptions?, CancellationToken)" path="/exception"/>
    [OverloadResolutionPriority(-1)] // an empty batch could be one of either, and is refused
    public Task<IReadOnlyList<ChatResult>> ChatBatchAsync(string model, IReadOnlyList<ChatPrompt> prompts, CancellationToken cancellationToken = default) =>
        CollectAsync(Batch(model, prompts), cancellationToken);

    /// <summary>Continues several conversations in one request, each with options of its own, and yields all answers as they are generated.</summary>
    /// <remarks>
    /// Arguments are checked at once; the rest happens as the stream is read. <see cref="ChatDelta.PromptIndex"/> and
    /// <see cref="ChatDelta.CandidateIndex"/> say which answer a piece belongs to. Leaving the loop early ends the generation in the engine.
    /// </remarks>
    /// <param name="model"><c>starter</c>, or the path of a GGUF file; loaded first if it is not.</param>
    /// <param name="prompts">The conversations, at least one, each with at least one message.</param>
    /// <param name="cancellationToken">Ends the call and frees its places in the engine.</param>
    /// <returns>
    /// The pieces of all answers, those of one answer in order. The last piece of each has a finish reason and the usage; of one that
    /// failed, the error.
    /// </returns>
    /// <inheritdoc cref="ChatAsync(string, IReadOnlyList{Message}, GenerationOptions?, CancellationToken)" path="/exception"/>
    [OverloadResolutionPriority(-1)] // an empty batch could be one of either, and is refused
    public IAsyncEnumerable<ChatDelta> ChatBatchStreamAsync(string model, IReadOnlyList<ChatPrompt> prompts, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return Call(Batch(model, prompts).ForStream()).StreamAsync(cancellationToken);
    }

    /// <summary>Continues several conversations in one request, decoded together, and yields all answers as they are generated.</summary>
    /// <remarks>
    /// Arguments are checked at once; the rest happens as the stream is read. <see cref="ChatDelta.PromptIndex"/> and
    /// <see cref="ChatDelta.CandidateIndex"/> say which answer a piece belongs to. Leaving the loop early ends the generation in the engine.
    /// </remarks>
    /// <param name="model"><c>starter</c>, or the path of a GGUF file; loaded first if it is not.</param>
    /// <param name="conversations">The conversations, at least one, each with at least one message.</param>
    /// <param name="options">How to generate, for all of them; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the call and frees its places in the engine.</param>
    /// <returns>
    /// The pieces of all answers, those of one answer in order. The last piece of each has a finish reason and the usage; of one that
    /// failed, the error.
    /// </returns>
    /// <inheritdoc cref="ChatAsync(string, IReadOnlyList{Message}, GenerationOptions?, CancellationToken)" path="/exception"/>
    public IAsyncEnumerable<ChatDelta> ChatBatchStreamAsync(
        string model,
        IReadOnlyList<IReadOnlyList<Message>> conversations,
        GenerationOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return Call(Batch(model, conversations, options).ForStream()).StreamAsync(cancellationToken);
    }

    /// <summary>Writes a conversation out as the prompt that would be sent for it, by the model's own chat template, and sends nothing.</summary>
    /// <param name="model"><c>starter</c>, or the path of a GGUF file; loaded first if it is not.</param>
    /// <param name="messages">The conversation so far, oldest first, at least one message.</param>
    /// <param name="options">What the call would have; of these the chat template and its variables matter. Null for the defaults.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The prompt, up to where the model goes on.</returns>
    /// <inheritdoc cref="ChatAsync(string, IReadOnlyList{Message}, GenerationOptions?, CancellationToken)" path="/exception"/>
    /// <exception cref="ChatTemplateException">The template refuses the conversation, or cannot be rendered.</exception>
    public async Task<string> RenderPromptAsync(
        string model, IReadOnlyList<Message> messages, GenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        ChatRequest request = Single(model, messages, options);
        using ModelLease lease = await Models.AcquireAsync(model, cancellationToken).ConfigureAwait(false);
        return Encoding.UTF8.GetString(request.Render(lease.Model).Frame.Prompts[0].Text.Span);
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

    private ChatCall Call(ChatRequest request) => new(request, _attempts);
}

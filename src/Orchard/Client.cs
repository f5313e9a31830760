using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orchard.Diagnostics;
using Orchard.Engine;
using Orchard.Models;
using Orchard.Protocol;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Messages.Requests;
using Orchard.Protocol.Sockets;

namespace Orchard;

/// <summary>
/// Chats with large language models on this machine. The models run in an engine process, which is found or started on demand and
/// shared with every application of this user.
/// </summary>
/// <remarks>
/// <para>Thread-safe: one instance serves a whole application, and its calls run side by side.</para>
/// <para>
/// Where no context was captured, code after an <c>await</c> runs on a thread of the thread pool or of the client. It may block there: it holds
/// up no other call.
/// </para>
/// <para>
/// When the engine dies, calls that had got some of their answer fail with <see cref="EngineDiedException"/>; the others are made once
/// more on a new engine, see <see cref="ClientOptions.ReplayUnansweredCalls"/>.
/// </para>
/// <para>Dispose it when done; the engine leaves by itself some seconds after its last client is gone.</para>
/// </remarks>
public sealed class Client : IAsyncDisposable
{
    private readonly SingleFlight<EngineSession> _sessions;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lazy<Task> _disposal;

    private readonly bool _replay;
    private readonly TimeProvider _time;
    private readonly RestartBackoff _backoff;

    private EngineSession? _lastSession; // written only by the one attempt in flight

    private Client(IEngineConnector connector, ModelResolver resolver, ClientOptions options, ILogger logger)
    {
        _replay = options.ReplayUnansweredCalls;
        _time = options.TimeProvider;
        _backoff = new RestartBackoff(options.TimeProvider);
        _sessions = new SingleFlight<EngineSession>(cancellationToken => OpenSessionAsync(connector, cancellationToken), session => !session.IsClosed);
        Models = new ModelRegistry(resolver, new CrashLoopGuard(new EngineModelActivator(_sessions, options.TimeProvider, logger), options.TimeProvider), options.TimeProvider);
        _disposal = new Lazy<Task>(DisposeOnceAsync);
    }

    /// <summary>The models this client has asked for.</summary>
    public ModelRegistry Models { get; }

    /// <summary>How the connection to the engine stands. Neither waits nor connects.</summary>
    public EngineStatus EngineStatus => CurrentSession is { } session
        ? new EngineStatus { IsConnected = true, ProcessId = session.ProcessId, HeartbeatAge = session.Loads.TelemetryAge }
        : new EngineStatus();

    /// <summary>The session in use; null when there is none at the moment.</summary>
    internal EngineSession? CurrentSession => _sessions.TryGetCurrent(out EngineSession? session) ? session : null;

    /// <summary>Finds the engine of the namespace, or starts it, and connects.</summary>
    /// <param name="options">Which namespace, which executable, which limits; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the wait. An engine that was just started leaves by itself.</param>
    /// <returns>A connected client.</returns>
    /// <exception cref="ArgumentException">An option is outside its range, or the namespace's path is too long for a socket.</exception>
    /// <exception cref="EngineNotFoundException">There is no engine executable.</exception>
    /// <exception cref="EngineStartException">The engine did not start, or did not answer in time.</exception>
    public static async Task<Client> ConnectAsync(ClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        return await ConnectedAsync(Create(options), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// A client that is not connected yet: its first call finds or starts the engine, as does <see cref="EnsureConnectedAsync"/>. For
    /// code that cannot wait, such as the constructor of a service.
    /// </summary>
    /// <param name="options">Which namespace, which executable, which limits; null for the defaults.</param>
    /// <exception cref="ArgumentException">An option is outside its range, or the namespace's path is too long for a socket.</exception>
    public static Client Create(ClientOptions? options = null)
    {
        options ??= new ClientOptions();
        options.Validate();
        EngineRoot root = EngineRoot.Resolve(options.EngineRoot);
        UnixSocket.ValidatePath(root.ManagementSocket); // the longest of the three

        ILogger logger = CreateLogger(options);
        return new Client(new EngineConnector(root, options, logger), new ModelResolver(AppContext.BaseDirectory), options, logger);
    }

    /// <summary>Connects to whatever engine the connector gives.</summary>
    internal static Task<Client> ConnectAsync(
        IEngineConnector connector, ModelResolver resolver, ClientOptions options, CancellationToken cancellationToken) =>
        ConnectedAsync(new Client(connector, resolver, options, CreateLogger(options)), cancellationToken);

    private static ILogger CreateLogger(ClientOptions options) =>
        options.LoggerFactory is { } factory ? new GuardedLogger(factory.CreateLogger("Orchard")) : NullLogger.Instance;

    private static async Task<Client> ConnectedAsync(Client client, CancellationToken cancellationToken)
    {
        try
        {
            await client.EnsureConnectedAsync(cancellationToken).ConfigureAwait(false);
            return client;
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Waits until there is a connection to an engine, starting one if need be; at once when there is one already.</summary>
    /// <param name="cancellationToken">Ends the wait. An engine that was just started leaves by itself.</param>
    /// <exception cref="EngineNotFoundException">There is no engine executable.</exception>
    /// <exception cref="EngineStartException">The engine did not start, or did not answer in time.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public Task EnsureConnectedAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return _sessions.GetAsync(cancellationToken);
    }

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
        return Call(Single(model, messages, options).ForStream()).RunAsync(cancellationToken);
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
        return Call(Batch(model, prompts).ForStream()).RunAsync(cancellationToken);
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
        return Call(Batch(model, conversations, options).ForStream()).RunAsync(cancellationToken);
    }

    /// <summary>Asks one question and waits for the whole response.</summary>
    /// <param name="model"><c>starter</c>, or the path of a GGUF file; loaded first if it is not.</param>
    /// <param name="input">The question.</param>
    /// <param name="options">How to generate; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the call and frees its place in the engine.</param>
    /// <inheritdoc cref="ResponsesAsync(string, ResponseRequest, CancellationToken)"/>
    public Task<Response> ResponsesAsync(
        string model, string input, GenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        ResponsesAsync(model, Question(input, options), cancellationToken);

    /// <summary>Continues a conversation of items, in the manner of OpenAI's Responses, and waits for the whole response.</summary>
    /// <remarks>Nothing is kept between calls: what came back goes into the next input together with what came before it.</remarks>
    /// <param name="model"><c>starter</c>, or the path of a GGUF file; loaded first if it is not.</param>
    /// <param name="request">The conversation so far, and how to go on.</param>
    /// <param name="cancellationToken">Ends the call and frees its place in the engine.</param>
    /// <returns>The response, completed or incomplete; one that fails throws instead.</returns>
    /// <exception cref="ArgumentException">An item or an option cannot be used, or something is asked for that needs state; nothing was sent.</exception>
    /// <inheritdoc cref="ChatAsync(string, IReadOnlyList{Message}, GenerationOptions?, CancellationToken)" path="/exception[not(contains(@cref, 'ArgumentException'))]"/>
    public async Task<Response> ResponsesAsync(string model, ResponseRequest request, CancellationToken cancellationToken = default) =>
        await Call(model, request).CollectAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>Asks one question and yields the events of the response as it is generated.</summary>
    /// <param name="model"><c>starter</c>, or the path of a GGUF file; loaded first if it is not.</param>
    /// <param name="input">The question.</param>
    /// <param name="options">How to generate; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the call and frees its place in the engine.</param>
    /// <inheritdoc cref="ResponsesStreamAsync(string, ResponseRequest, CancellationToken)"/>
    public IAsyncEnumerable<ResponseEvent> ResponsesStreamAsync(
        string model, string input, GenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        ResponsesStreamAsync(model, Question(input, options), cancellationToken);

    /// <summary>Continues a conversation of items, in the manner of OpenAI's Responses, and yields the events of the response as it is generated.</summary>
    /// <remarks>
    /// Arguments are checked at once, and throw; the rest happens as the stream is read. What goes wrong then with the model or the engine is
    /// no exception but the last event, a <see cref="ResponseFailedEvent"/>. Leaving the loop early ends the generation in the engine.
    /// </remarks>
    /// <param name="model"><c>starter</c>, or the path of a GGUF file; loaded first if it is not.</param>
    /// <param name="request">The conversation so far, and how to go on.</param>
    /// <param name="cancellationToken">Ends the call and frees its place in the engine.</param>
    /// <returns>The events, in order. The last one is of the response as it ended.</returns>
    /// <exception cref="ArgumentException">An item or an option cannot be used, or something is asked for that needs state; nothing was sent.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired, as the stream is read.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public IAsyncEnumerable<ResponseEvent> ResponsesStreamAsync(string model, ResponseRequest request, CancellationToken cancellationToken = default) =>
        Call(model, request).StreamAsync(cancellationToken);

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
        return [.. scores.Select((score, index) => new RankedDocument(index, score.Vector.Span[0])).OrderByDescending(document => document.Score)];
    }

    /// <summary>Splits a text into the model's tokens.</summary>
    /// <param name="model"><c>starter</c>, or the path of a GGUF file; loaded first if it is not.</param>
    /// <param name="text">The text.</param>
    /// <param name="specialTokens">
    /// Whether control tokens count (default: false): those that begin and end a text are added where the model asks for them, and those
    /// written in the text become control tokens, as in a prompt.
    /// </param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The tokens' ids.</returns>
    /// <inheritdoc cref="DetokenizeAsync" path="/exception"/>
    public async Task<IReadOnlyList<int>> TokenizeAsync(
        string model, string text, bool specialTokens = false, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        string checkedText = Utf16.Checked([text])[0];
        return await TokenizeAsync(model, _ => (checkedText, specialTokens, []), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Joins tokens to a text. A character of which there is only a part becomes the replacement character.</summary>
    /// <param name="model"><c>starter</c>, or the path of a GGUF file; loaded first if it is not.</param>
    /// <param name="tokens">The tokens' ids.</param>
    /// <param name="specialTokens">Whether control tokens are written out (default: false, they are left out).</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="ArgumentException">An argument cannot be used.</exception>
    /// <exception cref="ModelNotFoundException">Neither an alias nor an existing file.</exception>
    /// <exception cref="ModelLoadException">The engine could not load the file.</exception>
    /// <exception cref="RequestRejectedException">The engine refused, as for a token that the model does not have; engines of the family always do.</exception>
    /// <exception cref="EngineDiedException">The engine ended before it answered.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    public Task<string> DetokenizeAsync(
        string model, IReadOnlyList<int> tokens, bool specialTokens = false, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(tokens);
        int[] ids = [.. tokens];
        return new TokenCommand(Models, _replay).RunAsync(
            model,
            ready => new ManagementCommand { Type = ManagementCommand.Detokenize, CanonicalId = ready.Info.Id, Tokens = ids, Special = specialTokens },
            data => data.Detokenize,
            cancellationToken);
    }

    /// <summary>Counts the tokens of a text, control tokens that would begin or end it not included.</summary>
    /// <param name="model"><c>starter</c>, or the path of a GGUF file; loaded first if it is not.</param>
    /// <param name="text">The text.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <inheritdoc cref="DetokenizeAsync" path="/exception"/>
    public async Task<int> CountTokensAsync(string model, string text, CancellationToken cancellationToken = default) =>
        (await TokenizeAsync(model, text, specialTokens: false, cancellationToken).ConfigureAwait(false)).Count;

    /// <summary>Counts the tokens of the prompt that would be sent for a conversation: what <see cref="Usage.PromptTokens"/> would say.</summary>
    /// <param name="model"><c>starter</c>, or the path of a GGUF file; loaded first if it is not.</param>
    /// <param name="messages">The conversation so far, oldest first, at least one message.</param>
    /// <param name="options">What the call would have; of these the chat template and its variables matter. Null for the defaults.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <inheritdoc cref="DetokenizeAsync" path="/exception"/>
    /// <exception cref="ChatTemplateException">The template refuses the conversation, or cannot be rendered.</exception>
    public async Task<int> CountTokensAsync(
        string model, IReadOnlyList<Message> messages, GenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        ChatRequest request = Single(model, messages, options);
        int[] tokens = await TokenizeAsync(
            model,
            ready =>
            {
                WirePrompt prompt = request.Render(ready).Frame.Prompts[0];
                return (Encoding.UTF8.GetString(prompt.Text.Span), true, [.. prompt.Extensions.Plain.SelectMany(span => new[] { span.Start, span.Length })]);
            },
            cancellationToken).ConfigureAwait(false);
        return tokens.Length;
    }

    /// <summary>Ends calls in flight and leaves the engine. A second call waits for the first.</summary>
    /// <returns>A task that completes when nothing of this client runs any more.</returns>
    public ValueTask DisposeAsync() => new(_disposal.Value);

    private async Task<IReadOnlyList<ChatResult>> CollectAsync(ChatRequest request, CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        var answers = new AnswerCollector(request.Options);
        await foreach (ChatDelta delta in Call(request).RunAsync(cancellationToken).ConfigureAwait(false))
        {
            answers.Add(delta);
        }

        return answers.ToResults();
    }

    private Task<int[]> TokenizeAsync(
        string model, Func<ReadyModel, (string Text, bool Special, int[] Plain)> create, CancellationToken cancellationToken) =>
        new TokenCommand(Models, _replay).RunAsync(
            model,
            ready =>
            {
                (string text, bool special, int[] plain) = create(ready);
                return new ManagementCommand
                {
                    Type = ManagementCommand.Tokenize,
                    CanonicalId = ready.Info.Id,
                    Texts = [text],
                    Special = special,
                    PlainText = plain.Length == 0 ? null : plain,
                };
            },
            data => data.Tokenize is [{ } tokens] ? tokens : null,
            cancellationToken);

    private async Task<TextEmbedding[]> EmbedAsync(
        string model, string[] texts, EmbeddingOptions options, string? query, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        var all = new List<TextEmbedding>(texts.Length);
        for (int start = 0; start < texts.Length; start += EmbeddingRequest.MaxTexts)
        {
            var part = new ArraySegment<string>(texts, start, Math.Min(EmbeddingRequest.MaxTexts, texts.Length - start));
            all.AddRange(await new EmbeddingRequest(model, part, options, query).RunAsync(Models, _replay, cancellationToken).ConfigureAwait(false));
        }

        return [.. all];
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

    private ChatCall Call(ChatRequest request) => new(request, Models, _replay);

    private ResponseCall Call(string model, ResponseRequest request)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(request);
        ResponseRequest checkedRequest = request.Checked();
        ChatRequest chat = Single(model, ResponseInput.ToMessages(checkedRequest), checkedRequest.Options);
        return new ResponseCall(model, checkedRequest, Call(chat), _time);
    }

    private static ResponseRequest Question(string input, GenerationOptions? options)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new ResponseRequest { Input = [MessageItem.User(input)], Options = options ?? GenerationOptions.Default };
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, this);

    private async Task<EngineSession> OpenSessionAsync(IEngineConnector connector, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        try
        {
            // An attempt that begins after disposal must leave the session to it; one that began before is waited for.
            limit.Token.ThrowIfCancellationRequested();
            if (_lastSession is { } previous)
            {
                _lastSession = null;
                EngineTelemetry.CountRestart();
                await previous.DisposeAsync().ConfigureAwait(false);
                await _backoff.WaitAsync(previous.HasAnswered, limit.Token).ConfigureAwait(false);
            }

            return _lastSession = await connector.ConnectAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            throw new ObjectDisposedException(nameof(Client));
        }
    }

    private async Task DisposeOnceAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _sessions.LastAttemptAsync().ConfigureAwait(false);
        if (_lastSession is { } session)
        {
            await session.DisposeAsync().ConfigureAwait(false);
        }
    }
}

using Orchard.Calls;
using Orchard.Calls.Chat;
using Orchard.Calls.Responses;
using Orchard.Responses;

namespace Orchard;

public sealed partial class Client
{
    /// <summary>Sends a single user message and returns the complete response.</summary>
    /// <param name="model"><c>starter</c>, the path of a GGUF file, or a name of the hub. Loaded first if necessary.</param>
    /// <param name="input">The user message.</param>
    /// <param name="options">Generation options; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the call and stops the generation in the engine.</param>
    /// <inheritdoc cref="ResponsesAsync(string, ResponseRequest, CancellationToken)"/>
    public Task<Response> ResponsesAsync(
        string model, string input, GenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        ResponsesAsync(model, Question(input, options), cancellationToken);

    /// <summary>Continues a conversation of items as OpenAI's Responses API does, and returns the complete response.</summary>
    /// <remarks>No state is kept between calls: the next input contains the previous input and the output items of the response.</remarks>
    /// <param name="model"><c>starter</c>, the path of a GGUF file, or a name of the hub. Loaded first if necessary.</param>
    /// <param name="request">The conversation so far, and how to continue it.</param>
    /// <param name="cancellationToken">Cancels the call and stops the generation in the engine.</param>
    /// <returns>The response, complete or incomplete. Failures are thrown.</returns>
    /// <exception cref="ArgumentException">
    /// An item or an option is invalid, or the request requires stored state. Nothing was sent.
    /// </exception>
    /// <inheritdoc
    ///     cref="ChatAsync(string, IReadOnlyList{Message}, GenerationOptions?, CancellationToken)"
    ///     path="/exception[not(contains(@cref, 'ArgumentException'))]"/>
    public async Task<Response> ResponsesAsync(string model, ResponseRequest request, CancellationToken cancellationToken = default) =>
        await Call(model, request, isStream: false).CollectAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>Sends a single user message and streams the events of the response as it is generated.</summary>
    /// <param name="model"><c>starter</c>, the path of a GGUF file, or a name of the hub. Loaded first if necessary.</param>
    /// <param name="input">The user message.</param>
    /// <param name="options">Generation options; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the call and stops the generation in the engine.</param>
    /// <inheritdoc cref="ResponsesStreamAsync(string, ResponseRequest, CancellationToken)"/>
    public IAsyncEnumerable<ResponseEvent> ResponsesStreamAsync(
        string model, string input, GenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        ResponsesStreamAsync(model, Question(input, options), cancellationToken);

    /// <summary>
    /// Continues a conversation of items as OpenAI's Responses API does, and streams the events of the response as it is generated.
    /// </summary>
    /// <remarks>
    /// Arguments are checked at once. The request is sent when the enumeration starts. Failures of the model or the engine are then not
    /// thrown, but reported by the last event, a <see cref="ResponseFailedEvent"/>. Leaving the loop early stops the generation.
    /// </remarks>
    /// <param name="model"><c>starter</c>, the path of a GGUF file, or a name of the hub. Loaded first if necessary.</param>
    /// <param name="request">The conversation so far, and how to continue it.</param>
    /// <param name="cancellationToken">Cancels the call and stops the generation in the engine.</param>
    /// <returns>The events in order. The last one contains the final state of the response.</returns>
    /// <exception cref="ArgumentException">
    /// An item or an option is invalid, or the request requires stored state. Nothing was sent.
    /// </exception>
    /// <exception cref="OperationCanceledException">
    /// <paramref name="cancellationToken"/> was cancelled; thrown by the enumeration.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The client has been disposed.</exception>
    public IAsyncEnumerable<ResponseEvent> ResponsesStreamAsync(
        string model, ResponseRequest request, CancellationToken cancellationToken = default) =>
        new OneReadAtATime<ResponseEvent>(Call(model, request, isStream: true).StreamAsync(cancellationToken));

    /// <summary>Counts the tokens of the prompt of a request, as <see cref="Usage.PromptTokens"/> would report them.</summary>
    /// <param name="model"><c>starter</c>, the path of a GGUF file, or a name of the hub. Loaded first if necessary.</param>
    /// <param name="request">The conversation so far, and how to continue it.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The number of tokens.</returns>
    /// <inheritdoc
    ///     cref="CountTokensAsync(string, IReadOnlyList{Message}, GenerationOptions?, CancellationToken)"
    ///     path="/exception"/>
    public Task<int> CountTokensAsync(string model, ResponseRequest request, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(request);
        ResponseRequest checkedRequest = request.Checked();
        return CountTokensAsync(model, ResponseInput.ToMessages(checkedRequest), checkedRequest.Options, cancellationToken);
    }

    private ResponseCall Call(string model, ResponseRequest request, bool isStream)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(request);
        ResponseRequest checkedRequest = request.Checked();
        ChatRequest chat = Single(model, ResponseInput.ToMessages(checkedRequest), checkedRequest.Options);
        return new ResponseCall(model, checkedRequest, Call(isStream ? chat.Delivering() : chat), _time);
    }

    private static ResponseRequest Question(string input, GenerationOptions? options)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new ResponseRequest { Input = [MessageItem.User(input)], Options = options ?? GenerationOptions.Default };
    }
}

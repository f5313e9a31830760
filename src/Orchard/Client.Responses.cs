using Orchard.Calls;
using Orchard.Calls.Chat;
using Orchard.Calls.Responses;
using Orchard.Responses;

namespace Orchard;

public sealed partial class Client
{
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
}

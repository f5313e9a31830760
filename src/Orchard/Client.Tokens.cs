using Orchard.Calls.Chat;
using Orchard.Validation;

namespace Orchard;

public sealed partial class Client
{
    /// <summary>Splits a text into the tokens of a model.</summary>
    /// <param name="model"><c>starter</c>, the path of a GGUF file, or a name of the hub. Loaded first if necessary.</param>
    /// <param name="text">The text.</param>
    /// <param name="specialTokens">
    /// Whether control tokens are recognized (default: false). If true, the tokens that begin and end a text are added where the model
    /// requires them, and control tokens in the text are recognized, as in a prompt.
    /// </param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The token ids.</returns>
    /// <inheritdoc cref="DetokenizeAsync" path="/exception"/>
    public async Task<IReadOnlyList<int>> TokenizeAsync(
        string model, string text, bool specialTokens = false, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        string checkedText = Utf16.Checked([text])[0];
        return await ProviderOf(model, out string name)
            .TokenizeAsync(name, checkedText, specialTokens, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Converts tokens to text. An incomplete character becomes the replacement character U+FFFD.</summary>
    /// <param name="model"><c>starter</c>, the path of a GGUF file, or a name of the hub. Loaded first if necessary.</param>
    /// <param name="tokens">The token ids.</param>
    /// <param name="specialTokens">Whether the text includes control tokens (default: false).</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The text.</returns>
    /// <exception cref="ArgumentException">An argument is invalid.</exception>
    /// <exception cref="ModelNotFoundException">The model is neither a known name nor an existing file.</exception>
    /// <exception cref="ModelLoadException">The engine could not load the model file.</exception>
    /// <exception cref="RequestRejectedException">
    /// The engine rejected the request, for example because the model has no such token. PIE engines other than Orchard's always do.
    /// </exception>
    /// <exception cref="EngineConnectionException">The engine exited, or the connection to it ended, before it answered.</exception>
    /// <exception cref="RequestStalledException">The engine did not answer for <see cref="ClientOptions.StallTimeout"/>.</exception>
    /// <exception cref="ObjectDisposedException">The client has been disposed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public Task<string> DetokenizeAsync(
        string model, IReadOnlyList<int> tokens, bool specialTokens = false, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(tokens);
        int[] ids = [.. tokens];
        return ProviderOf(model, out string name).DetokenizeAsync(name, ids, specialTokens, cancellationToken);
    }

    /// <summary>Counts the tokens of a text, without the control tokens that would begin or end it.</summary>
    /// <param name="model"><c>starter</c>, the path of a GGUF file, or a name of the hub. Loaded first if necessary.</param>
    /// <param name="text">The text.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The number of tokens.</returns>
    /// <inheritdoc cref="DetokenizeAsync" path="/exception"/>
    public async Task<int> CountTokensAsync(string model, string text, CancellationToken cancellationToken = default) =>
        (await TokenizeAsync(model, text, specialTokens: false, cancellationToken).ConfigureAwait(false)).Count;

    /// <summary>
    /// Counts the tokens of the prompt of a conversation, as <see cref="Usage.PromptTokens"/> would report them. A prompt with images or
    /// sound is computed for that, and is in the prefix cache then.
    /// </summary>
    /// <param name="model"><c>starter</c>, the path of a GGUF file, or a name of the hub. Loaded first if necessary.</param>
    /// <param name="messages">The conversation so far, oldest message first; at least one message.</param>
    /// <param name="options">
    /// Options of the call. Those that affect the prompt count, such as the chat template, its variables and the tools. Null for the
    /// defaults.
    /// </param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The number of tokens.</returns>
    /// <inheritdoc cref="DetokenizeAsync" path="/exception"/>
    /// <exception cref="ChatTemplateException">The template rejects the conversation, or fails to render.</exception>
    public async Task<int> CountTokensAsync(
        string model, IReadOnlyList<Message> messages, GenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        ChatRequest request = Single(model, messages, options);
        return await ProviderOf(model, out string name)
            .CountTokensAsync(name, request.ForSource().Prompts[0], cancellationToken).ConfigureAwait(false);
    }
}

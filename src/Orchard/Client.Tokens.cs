using System.Text;
using Orchard.Calls;
using Orchard.Calls.Chat;
using Orchard.Calls.Tokens;
using Orchard.Models;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Messages.Requests;
using Orchard.Validation;

namespace Orchard;

public sealed partial class Client
{
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
        return new TokenCommand(_attempts).RunAsync(
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

    private Task<int[]> TokenizeAsync(
        string model, Func<ReadyModel, (string Text, bool Special, int[] Plain)> create, CancellationToken cancellationToken) =>
        new TokenCommand(_attempts).RunAsync(
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
}

using Orchard.Calls.Chat;
using Orchard.Calls.Tools;

namespace Orchard;

public sealed partial class Client
{
    /// <summary>
    /// Sends a single user message, runs the tools that the model calls, and returns the answer that it gives with their results.
    /// </summary>
    /// <param name="model"><c>starter</c>, the path of a GGUF file, or a name of the hub. Loaded first if necessary.</param>
    /// <param name="prompt">The user message.</param>
    /// <param name="options">Generation options, with the tools.</param>
    /// <param name="limits">Limits of the loop; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the call, stops the generation in the engine, and is passed to the tools.</param>
    /// <inheritdoc cref="RunToolsAsync(string, IReadOnlyList{Message}, GenerationOptions, ToolRunOptions?, CancellationToken)"/>
    public Task<ToolRun> RunToolsAsync(
        string model,
        string prompt,
        GenerationOptions options,
        ToolRunOptions? limits = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return RunToolsAsync(model, [Message.User(prompt)], options, limits, cancellationToken);
    }

    /// <summary>
    /// Continues a conversation, runs the tools that the model calls, and returns the answer that it gives with their results.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The model answers until an answer calls no tools. What a tool throws is sent to the model as the result of the call, as is the
    /// <see cref="ToolCall.Error"/> of a call that does not match its schema, so that the model can correct itself. The calls of an answer
    /// that was cut off by the token limit are not executed, nor are those of an answer that calls a tool without a
    /// <see cref="Tool.Handler"/>: the run ends with that answer.
    /// </para>
    /// <para>A <see cref="GenerationOptions.ToolChoice"/> that requires a call applies to the first answer only.</para>
    /// </remarks>
    /// <param name="model"><c>starter</c>, the path of a GGUF file, or a name of the hub. Loaded first if necessary.</param>
    /// <param name="messages">The conversation so far, oldest message first; at least one message.</param>
    /// <param name="options">Generation options, with the tools.</param>
    /// <param name="limits">Limits of the loop; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the call, stops the generation in the engine, and is passed to the tools.</param>
    /// <returns>The answer, and what led to it.</returns>
    /// <inheritdoc cref="ChatAsync(string, IReadOnlyList{Message}, GenerationOptions?, CancellationToken)" path="/exception"/>
    public Task<ToolRun> RunToolsAsync(
        string model,
        IReadOnlyList<Message> messages,
        GenerationOptions options,
        ToolRunOptions? limits = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentNullException.ThrowIfNull(options);
        limits ??= new ToolRunOptions();
        return new ToolLoop(AnswerAsync, [.. messages], options, limits).RunAsync(cancellationToken);

        async Task<ChatResult> AnswerAsync(
            IReadOnlyList<Message> conversation, GenerationOptions current, CancellationToken cancelled)
        {
            ThrowIfDisposed();
            ChatRequest request = Single(model, conversation, current);
            request = limits.OnDelta is null ? request : request.Delivering();
            var answers = new AnswerCollector(request.Options);
            await foreach (ChatDelta delta in Call(request).StreamAsync(cancelled).ConfigureAwait(false))
            {
                limits.OnDelta?.Invoke(delta);
                answers.Add(delta);
            }

            return answers.ToResults()[0];
        }
    }
}

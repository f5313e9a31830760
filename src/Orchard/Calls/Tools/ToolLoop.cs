namespace Orchard.Calls.Tools;

/// <summary>
/// Lets a model answer, runs the tools that it calls and sends it the results, until it answers without calls. Used once, by one caller.
/// </summary>
/// <param name="answer">Continues a conversation once.</param>
/// <param name="messages">The conversation so far.</param>
/// <param name="options">Options of the first answer.</param>
/// <param name="limits">Limits of the loop.</param>
internal sealed class ToolLoop(
    Func<IReadOnlyList<Message>, GenerationOptions, CancellationToken, Task<ChatResult>> answer,
    IReadOnlyList<Message> messages,
    GenerationOptions options,
    ToolRunOptions limits)
{
    private readonly List<Message> _new = [];
    private readonly List<ToolExecution> _executions = [];
    private Usage _usage;

    public async Task<ToolRun> RunAsync(CancellationToken cancellationToken)
    {
        for (int round = 0; ; round++)
        {
            ChatResult result = await answer([.. messages, .. _new], OptionsOf(round), cancellationToken).ConfigureAwait(false);
            _new.Add(result.ToMessage());
            _usage = Sum(_usage, result.Usage);
            if (!CanExecute(result))
            {
                return new ToolRun { Answer = result, NewMessages = _new, Executions = _executions, Usage = _usage };
            }

            foreach (ToolExecution execution in await ExecuteAsync(result.ToolCalls, cancellationToken).ConfigureAwait(false))
            {
                _executions.Add(execution);
                _new.Add(Message.Tool(execution.Call.Id, execution.Result));
            }
        }
    }

    // A choice that forces a call applies to the first answer: otherwise the model could never finish.
    private GenerationOptions OptionsOf(int round) =>
        round == 0 ? options
        : round >= limits.MaxRounds ? options with { ToolChoice = ToolChoice.None }
        : options with { ToolChoice = ToolChoice.Auto };

    // In an answer that the limit has cut, no call is complete for certain: not even the last one with valid arguments.
    private bool CanExecute(ChatResult result) =>
        result.ToolCalls.Count > 0
        && result.FinishReason != FinishReason.Length
        && result.ToolCalls.All(call => !call.IsCutShort && ToolOf(call) is not { Handler: null });

    private async Task<ToolExecution[]> ExecuteAsync(IReadOnlyList<ToolCall> calls, CancellationToken cancellationToken)
    {
        var executions = new ToolExecution[calls.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = limits.MaxConcurrentCalls, CancellationToken = cancellationToken };
        try
        {
            await Parallel.ForAsync(
                0,
                calls.Count,
                parallel,
                async (i, cancelled) => executions[i] = await ExecuteAsync(calls[i], cancelled).ConfigureAwait(false))
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (e.CancellationToken != cancellationToken)
        {
            throw new OperationCanceledException(e.Message, e, cancellationToken); // from a tool, which sees another token
        }

        return executions;
    }

    private async Task<ToolExecution> ExecuteAsync(ToolCall call, CancellationToken cancellationToken)
    {
        if (call.Error is not null)
        {
            return Failure(call, call.Error);
        }

        if (ToolOf(call) is not { Handler: { } handler })
        {
            return Failure(call, new ToolCallException($"There is no tool named '{call.Name}'.", call.Name, call.Arguments));
        }

        try
        {
            return new ToolExecution { Call = call, Result = await handler(call, cancellationToken).ConfigureAwait(false) ?? "null" };
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return Failure(call, e);
        }
    }

    private Tool? ToolOf(ToolCall call) => options.Tools.FirstOrDefault(tool => tool.Name == call.Name);

    private static ToolExecution Failure(ToolCall call, Exception error) =>
        new() { Call = call, Result = $"Error: {error.Message}", Error = error };

    private static Usage Sum(Usage one, Usage other) => new()
    {
        PromptTokens = one.PromptTokens + other.PromptTokens,
        CachedTokens = one.CachedTokens + other.CachedTokens,
        CompletionTokens = one.CompletionTokens + other.CompletionTokens,
        ReasoningTokens = one.ReasoningTokens + other.ReasoningTokens,
    };
}

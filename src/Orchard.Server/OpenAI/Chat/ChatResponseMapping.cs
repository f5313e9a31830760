namespace Orchard.Server.OpenAI.Chat;

/// <summary>Maps answers to chat completions. Pure.</summary>
internal static class ChatResponseMapping
{
    /// <summary>Returns the completion with answers and their alternatives.</summary>
    /// <param name="results">The answers, one for each conversation.</param>
    /// <param name="head">The other members.</param>
    public static ChatCompletion ToCompletion(IReadOnlyList<ChatResult> results, ChatHead head) => new()
    {
        Id = head.Id,
        Created = head.Created,
        Model = head.Model,
        Choices = [.. results.SelectMany(static result => result.Alternatives.Prepend(result)).Select(ToChoice)],
        Usage = TokenUsage.Of(results.Select(static result => result.ConversationUsage)),
    };

    /// <summary>Returns an answer as a choice.</summary>
    /// <param name="result">The answer.</param>
    /// <param name="index">Zero-based index of the choice.</param>
    public static ChatChoice ToChoice(ChatResult result, int index)
    {
        string? reasoning = result.Reasoning.Length > 0 ? result.Reasoning : null;
        bool hasCalls = result.ToolCalls.Count > 0;
        return new ChatChoice
        {
            Index = index,
            Message = new AnswerMessage
            {
                Role = "assistant",
                Content = result.Text.Length == 0 && hasCalls ? null : result.Text,
                ReasoningContent = reasoning,
                Reasoning = reasoning,
                ToolCalls = hasCalls ? [.. result.ToolCalls.Select(ToCall)] : null,
            },
            Logprobs = ChatLogprobs.Of(result.Logprobs),
            FinishReason = FinishReasons.NameOf(result.FinishReason),
        };
    }

    private static AnswerToolCall ToCall(ToolCall call) => new()
    {
        Id = call.Id,
        Type = "function",
        Function = new AnswerFunction { Name = call.Name, Arguments = call.Arguments },
    };
}

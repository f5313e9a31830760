namespace Orchard.Server.OpenAI.Chat;

/// <summary>Maps answers to chat completions. Pure.</summary>
internal static class ChatResponseMapping
{
    /// <summary>Returns the completion with an answer and its alternatives.</summary>
    /// <param name="result">The answer.</param>
    /// <param name="id">Identifies the completion.</param>
    /// <param name="model">The model as the client named it.</param>
    /// <param name="created">When the completion was created.</param>
    public static ChatCompletion ToCompletion(ChatResult result, string id, string model, DateTimeOffset created) => new()
    {
        Id = id,
        Created = created.ToUnixTimeSeconds(),
        Model = model,
        Choices = [.. result.Alternatives.Prepend(result).Select(ToChoice)],
        Usage = TokenUsage.Of(result.ConversationUsage),
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

using Microsoft.Extensions.AI;

namespace Orchard;

/// <summary>Answers of ours as responses of Microsoft.Extensions.AI: one response, whole or in pieces that share its ids.</summary>
/// <param name="model">The model as the caller named it.</param>
/// <param name="showsReasoning">Whether what the model thought is part of the response.</param>
internal sealed class ResponseMapping(string model, bool showsReasoning = true)
{
    private readonly string _responseId = $"resp_{Guid.NewGuid():N}";
    private readonly string _messageId = $"msg_{Guid.NewGuid():N}";
    private readonly DateTimeOffset _createdAt = TimeProvider.System.GetUtcNow();

    public string Model { get; } = model;

    /// <summary>
    /// The whole response. Microsoft.Extensions.AI has one answer in it; when several were asked for, all are in the
    /// <see cref="ChatResponse.RawRepresentation"/>, and the usage is that of all.
    /// </summary>
    public ChatResponse ToResponse(ChatResult result) =>
        new(new ChatMessage(ChatRole.Assistant, ToContents(result)) { MessageId = _messageId, CreatedAt = _createdAt })
        {
            ResponseId = _responseId,
            ModelId = Model,
            CreatedAt = _createdAt,
            FinishReason = ToFinishReason(result.FinishReason),
            Usage = ToUsage(result.ConversationUsage),
            RawRepresentation = result,
        };

    public ChatResponseUpdate ToUpdate(ChatDelta delta)
    {
        // The text is empty in a last piece that ends the answer alone.
        var contents = new List<AIContent>(1);
        if (delta.Reasoning.Length > 0 && showsReasoning)
        {
            contents.Add(new TextReasoningContent(delta.Reasoning));
        }

        if (delta.Text.Length > 0)
        {
            contents.Add(new TextContent(delta.Text));
        }

        // Calls come whole: theirs have no pieces.
        for (int i = 0; i < delta.ToolCalls.Count; i++)
        {
            if (delta.ToolCalls[i].Call is { } call)
            {
                contents.Add(ToolMapping.ToContent(call));
            }
        }

        if (delta.Usage is { } usage)
        {
            contents.Add(new UsageContent(ToUsage(usage)));
        }

        return new ChatResponseUpdate(ChatRole.Assistant, contents)
        {
            ResponseId = _responseId,
            MessageId = _messageId,
            ModelId = Model,
            CreatedAt = _createdAt,
            FinishReason = delta.FinishReason is { } reason ? ToFinishReason(reason) : null,
            RawRepresentation = delta,
        };
    }

    private List<AIContent> ToContents(ChatResult result)
    {
        var contents = new List<AIContent>(1);
        if (result.Reasoning.Length > 0 && showsReasoning)
        {
            contents.Add(new TextReasoningContent(result.Reasoning));
        }

        if (result.Text.Length > 0 || result.ToolCalls.Count == 0)
        {
            contents.Add(new TextContent(result.Text));
        }

        contents.AddRange(result.ToolCalls.Select(ToolMapping.ToContent));
        return contents;
    }

    private static ChatFinishReason ToFinishReason(FinishReason reason) => reason switch
    {
        FinishReason.Stop => ChatFinishReason.Stop,
        FinishReason.Length => ChatFinishReason.Length,
        FinishReason.ContentFilter => ChatFinishReason.ContentFilter,
        FinishReason.ToolCalls => ChatFinishReason.ToolCalls,
        _ => new ChatFinishReason("other"),
    };

    private static UsageDetails ToUsage(Usage usage) =>
        new()
        {
            InputTokenCount = usage.PromptTokens,
            CachedInputTokenCount = usage.CachedTokens,
            OutputTokenCount = usage.CompletionTokens,
            ReasoningTokenCount = usage.ReasoningTokens,
            TotalTokenCount = usage.TotalTokens,
        };
}

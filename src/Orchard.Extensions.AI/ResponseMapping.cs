using Microsoft.Extensions.AI;

namespace Orchard.Extensions.AI;

/// <summary>Converts one answer to a response of Microsoft.Extensions.AI, complete or as updates that share its ids.</summary>
/// <param name="model">The model, as the caller named it.</param>
/// <param name="options">The options of the request.</param>
internal sealed class ResponseMapping(string model, MappedOptions options)
{
    private readonly string _responseId = $"resp_{Guid.NewGuid():N}";
    private readonly string _messageId = $"msg_{Guid.NewGuid():N}";
    private readonly DateTimeOffset _createdAt = TimeProvider.System.GetUtcNow();

    public string Model { get; } = model;

    /// <summary>Returns a mapping for another response to the same request, with ids of its own.</summary>
    public ResponseMapping Again() => new(Model, options);

    /// <summary>
    /// Converts a complete answer. A response has one answer; if several were requested, all of them are in
    /// <see cref="ChatResponse.RawRepresentation"/>, and the usage is the total.
    /// </summary>
    public ChatResponse ToResponse(ChatResult result) =>
        new(new ChatMessage(ChatRole.Assistant, ToContents(result))
        {
            MessageId = _messageId,
            CreatedAt = _createdAt,
            AdditionalProperties = PropertiesOf(result.IgnoredOptions), // as those of updates, which are a message's
        })
        {
            ResponseId = _responseId,
            ModelId = Model,
            CreatedAt = _createdAt,
            FinishReason = ToFinishReason(result.FinishReason),
            Usage = ToUsage(result.ConversationUsage),
            RawRepresentation = result,
            AdditionalProperties = PropertiesOf(result.IgnoredOptions),
        };

    public ChatResponseUpdate ToUpdate(ChatDelta delta)
    {
        // The last part may have no content.
        var contents = new List<AIContent>(1);
        if (delta.Reasoning.Length > 0 && options.ShowsReasoning)
        {
            contents.Add(new TextReasoningContent(delta.Reasoning));
        }

        if (delta.Text.Length > 0)
        {
            contents.Add(new TextContent(delta.Text));
        }

        // Only complete calls are converted: a FunctionCallContent cannot be partial.
        for (int i = 0; i < delta.ToolCalls.Count; i++)
        {
            if (delta.ToolCalls[i].Call is { } call)
            {
                contents.Add(ToolMapping.ToContent(call, options.Names, delta.FinishReason == FinishReason.Length));
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
            AdditionalProperties = delta.FinishReason is null ? null : PropertiesOf(delta.IgnoredOptions),
        };
    }

    private List<AIContent> ToContents(ChatResult result)
    {
        var contents = new List<AIContent>(1);
        if (result.Reasoning.Length > 0 && options.ShowsReasoning)
        {
            contents.Add(new TextReasoningContent(result.Reasoning));
        }

        if (result.Text.Length > 0 || result.ToolCalls.Count == 0)
        {
            contents.Add(new TextContent(result.Text));
        }

        contents.AddRange(result.ToolCalls.Select(
            call => ToolMapping.ToContent(call, options.Names, result.FinishReason == FinishReason.Length)));
        return contents;
    }

    private AdditionalPropertiesDictionary? PropertiesOf(IReadOnlyList<string> ignoredByModel)
    {
        string[] ignored = [.. options.Ignored, .. ignoredByModel];
        return ignored.Length == 0 ? null : new() { [MappedOptions.IgnoredKey] = ignored };
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

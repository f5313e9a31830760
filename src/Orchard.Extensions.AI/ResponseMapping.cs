using Microsoft.Extensions.AI;

namespace Orchard;

/// <summary>Answers of ours as responses of Microsoft.Extensions.AI: one response, whole or in pieces that share its ids.</summary>
/// <param name="model">The model as the caller named it.</param>
internal sealed class ResponseMapping(string model)
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
        new(new ChatMessage(ChatRole.Assistant, result.Text) { MessageId = _messageId, CreatedAt = _createdAt })
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
        if (delta.Text.Length > 0)
        {
            contents.Add(new TextContent(delta.Text));
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

    private static ChatFinishReason ToFinishReason(FinishReason reason) => reason switch
    {
        FinishReason.Stop => ChatFinishReason.Stop,
        FinishReason.Length => ChatFinishReason.Length,
        FinishReason.ContentFilter => ChatFinishReason.ContentFilter,
        _ => new ChatFinishReason("other"),
    };

    private static UsageDetails ToUsage(Usage usage) =>
        new()
        {
            InputTokenCount = usage.PromptTokens,
            CachedInputTokenCount = usage.CachedTokens,
            OutputTokenCount = usage.CompletionTokens,
            TotalTokenCount = usage.TotalTokens,
        };
}

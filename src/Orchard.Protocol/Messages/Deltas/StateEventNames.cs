namespace Orchard.Protocol.Messages.Deltas;

/// <summary>Names of event types and item types in <c>state_events</c>.</summary>
internal static class StateEventNames
{
    public static ReadOnlySpan<byte> ItemStarted => "item_started"u8;

    public static ReadOnlySpan<byte> ContentDelta => "content_delta"u8;

    public static ReadOnlySpan<byte> ItemCompleted => "item_completed"u8;

    public static ReadOnlySpan<byte> Message => "message"u8;

    public static ReadOnlySpan<byte> Reasoning => "reasoning"u8;

    public static ReadOnlySpan<byte> ToolCall => "tool_call"u8;

    public static ReadOnlySpan<byte> Unknown => "unknown"u8;

    public static ReadOnlySpan<byte> Of(StateEventType type) => type switch
    {
        StateEventType.ItemStarted => ItemStarted,
        StateEventType.ContentDelta => ContentDelta,
        StateEventType.ItemCompleted => ItemCompleted,
        _ => Unknown,
    };

    public static ReadOnlySpan<byte> Of(OutputItemType type) => type switch
    {
        OutputItemType.Message => Message,
        OutputItemType.Reasoning => Reasoning,
        OutputItemType.ToolCall => ToolCall,
        _ => Unknown,
    };
}

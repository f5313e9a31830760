namespace Orchard.Protocol.Messages.Requests;

/// <summary>A part of a tool call: a text, or the place of something that differs between calls.</summary>
internal sealed record CallPart
{
    /// <summary>The text; empty for a slot.</summary>
    public string Text { get; init; } = "";

    /// <summary>One of <see cref="CallSlot"/>; null for a text.</summary>
    public string? Slot { get; init; }
}

namespace Orchard.Protocol.Messages;

/// <summary>One step in the life of an output item.</summary>
/// <param name="Type">What happened to the item.</param>
/// <param name="ItemType">What kind of item.</param>
/// <param name="OutputIndex">Its place in the output.</param>
/// <param name="Identifier">Its name; <c>tool_call:&lt;function&gt;</c> for the header of a call.</param>
/// <param name="Delta">Text of a content delta.</param>
/// <param name="Value">The complete value on completion: a string's text, or the raw JSON of anything else.</param>
internal sealed record StateEvent(StateEventType Type, OutputItemType ItemType, int OutputIndex, string Identifier, string? Delta = null, string? Value = null)
{
    /// <summary>What a plain message is called.</summary>
    public const string MessageIdentifier = "message";

    /// <summary>Stands for the one event of a delta whose content is the next piece of the message; see <see cref="ResponseDelta.IsPlainSpan"/>.</summary>
    public static StateEvent[] PlainSpan { get; } = [new(StateEventType.ContentDelta, OutputItemType.Message, 0, MessageIdentifier)];
}

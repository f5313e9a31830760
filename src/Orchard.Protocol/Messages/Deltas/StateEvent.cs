using Orchard.Protocol.Messages.Requests;

namespace Orchard.Protocol.Messages.Deltas;

/// <summary>A change of one output item.</summary>
/// <param name="Type">The change.</param>
/// <param name="ItemType">The kind of item.</param>
/// <param name="OutputIndex">The item's position in the output.</param>
/// <param name="Identifier">The item's name; <c>tool_call:&lt;function&gt;</c> for the header of a tool call.</param>
/// <param name="Delta">The text of a content delta.</param>
/// <param name="Value">The complete value on completion: the text of a string, or the raw JSON of any other value.</param>
internal sealed record StateEvent(
    StateEventType Type, OutputItemType ItemType, int OutputIndex, string Identifier, string? Delta = null, string? Value = null)
{
    /// <summary>The identifier of a message.</summary>
    public const string MessageIdentifier = "message";

    /// <summary>
    /// Placeholder for the events of a delta whose only event is that the content continues the message. Avoids an allocation per delta;
    /// see <see cref="ResponseDelta.IsPlainSpan"/>.
    /// </summary>
    public static StateEvent[] PlainSpan { get; } = [new(StateEventType.ContentDelta, OutputItemType.Message, 0, MessageIdentifier)];
}

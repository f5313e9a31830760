using System.Text;
using Orchard.Protocol.Messages.Deltas;

namespace Orchard.Engine.Serving.Responses;

/// <summary>Creates the state events of an output that consists of one message. Not thread-safe.</summary>
/// <param name="omitsValue">Whether the last event comes without the complete text.</param>
internal sealed class MessageEvents(bool omitsValue)
{
    private static readonly StateEvent Started = new(StateEventType.ItemStarted, OutputItemType.Message, 0, StateEvent.MessageIdentifier);

    private readonly StringBuilder? _text = omitsValue ? null : new StringBuilder();
    private bool _isStarted;

    /// <summary>Returns the events of the next piece of text; null if there are none.</summary>
    public StateEvent[]? Take(string text, bool isFinal)
    {
        _text?.Append(text);
        bool starts = !_isStarted && (text.Length > 0 || isFinal);
        _isStarted |= starts;
        if (!starts && !isFinal)
        {
            return text.Length > 0 ? StateEvent.PlainSpan : null;
        }

        return
        [
            .. starts ? [Started] : Array.Empty<StateEvent>(),
            .. text.Length > 0 ? [Event(StateEventType.ContentDelta, delta: text)] : Array.Empty<StateEvent>(),
            .. isFinal ? [Event(StateEventType.ItemCompleted, value: _text?.ToString())] : Array.Empty<StateEvent>(),
        ];
    }

    private static StateEvent Event(StateEventType type, string? delta = null, string? value = null) =>
        new(type, OutputItemType.Message, 0, StateEvent.MessageIdentifier, delta, value);
}

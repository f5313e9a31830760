using System.Buffers;
using System.Text.Json;
using Orchard.Protocol.Messages.Json;

namespace Orchard.Protocol.Messages.Deltas;

/// <summary>Decodes <c>state_events</c> of a delta.</summary>
internal static class StateEventReader
{
    private static readonly JsonObjectReader<Fields> Members = new(
        ("event_type", static (ref reader, ref fields, in _) => fields.Type = ReadEventType(ref reader)),
        ("item_type", static (ref reader, ref fields, in _) => fields.ItemType = ReadItemType(ref reader)),
        ("output_index", static (ref reader, ref fields, in _) => fields.OutputIndex = WireNumber.ReadCount(ref reader)),
        ("identifier", static (ref reader, ref fields, in _) => fields.Identifier = JsonValue.ReadString(ref reader)),
        ("delta", static (ref reader, ref fields, in _) => fields.Delta = ReadDelta(ref reader, fields.Content)),
        ("value", static (ref reader, ref fields, in json) => fields.Value = JsonValue.ReadText(ref reader, json)));

    /// <param name="reader">At the array.</param>
    /// <param name="json">All input of <paramref name="reader"/>.</param>
    /// <param name="content">The delta's content if it came first. An event that repeats it shares its string.</param>
    public static StateEvent[] ReadAll(ref Utf8JsonReader reader, in ReadOnlySequence<byte> json, string? content)
    {
        // Nearly every delta has exactly one event, so the list is created only for the second one.
        JsonValue.RequireArray(ref reader);
        if (!JsonValue.ReadEntry(ref reader))
        {
            return [];
        }

        Fields first = Read(ref reader, json, content);
        if (!JsonValue.ReadEntry(ref reader))
        {
            return first.IsPlainSpan ? StateEvent.PlainSpan : [first.ToEvent()];
        }

        List<StateEvent> events = [first.ToEvent()];
        do
        {
            events.Add(Read(ref reader, json, content).ToEvent());
        }
        while (JsonValue.ReadEntry(ref reader));

        return [.. events];
    }

    private static Fields Read(ref Utf8JsonReader reader, in ReadOnlySequence<byte> json, string? content)
    {
        JsonValue.RequireObject(ref reader, "a state event");
        var fields = new Fields { ItemType = OutputItemType.Message, Identifier = "", Content = content };
        Members.Read(ref reader, ref fields, json);
        return fields;
    }

    private static string ReadDelta(ref Utf8JsonReader reader, string? content) =>
        reader.TokenType == JsonTokenType.String && content is not null && reader.ValueTextEquals(content)
            ? content
            : JsonValue.ReadString(ref reader);

    private static StateEventType ReadEventType(ref Utf8JsonReader reader)
    {
        JsonValue.RequireString(ref reader);
        return reader.ValueTextEquals(StateEventNames.ContentDelta) ? StateEventType.ContentDelta
            : reader.ValueTextEquals(StateEventNames.ItemStarted) ? StateEventType.ItemStarted
            : reader.ValueTextEquals(StateEventNames.ItemCompleted) ? StateEventType.ItemCompleted
            : StateEventType.Unknown;
    }

    private static OutputItemType ReadItemType(ref Utf8JsonReader reader)
    {
        JsonValue.RequireString(ref reader);
        return reader.ValueTextEquals(StateEventNames.Message) || reader.ValueTextEquals(""u8) ? OutputItemType.Message
            : reader.ValueTextEquals(StateEventNames.Reasoning) ? OutputItemType.Reasoning
            : reader.ValueTextEquals(StateEventNames.ToolCall) ? OutputItemType.ToolCall
            : OutputItemType.Unknown;
    }

    /// <summary>One event while it is being read. Most events never become objects.</summary>
    private struct Fields
    {
        public StateEventType Type;
        public OutputItemType ItemType;
        public int OutputIndex;
        public string Identifier;
        public string? Delta;
        public string? Value;
        public string? Content;

        public readonly bool IsPlainSpan =>
            Type == StateEventType.ContentDelta
            && ItemType == OutputItemType.Message
            && OutputIndex == 0
            && Value is null
            && Content is not null
            && ReferenceEquals(Delta, Content)
            && Identifier == StateEvent.MessageIdentifier;

        public readonly StateEvent ToEvent() => new(Type, ItemType, OutputIndex, Identifier, Delta, Value);
    }
}

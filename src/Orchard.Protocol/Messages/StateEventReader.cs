using System.Buffers;
using System.Text.Json;

namespace Orchard.Protocol.Messages;

/// <summary>Decodes <c>state_events</c>.</summary>
internal static class StateEventReader
{
    /// <param name="reader">At the array.</param>
    /// <param name="json">All that <paramref name="reader"/> reads.</param>
    /// <param name="content">The delta's content when it came first: a span usually repeats it, and then shares its string.</param>
    public static StateEvent[] ReadAll(ref Utf8JsonReader reader, in ReadOnlySequence<byte> json, string? content)
    {
        // Nearly every delta has one event, so they are not counted first.
        JsonValue.RequireArray(ref reader);
        if (!JsonValue.ReadEntry(ref reader))
        {
            return [];
        }

        Fields first = Read(ref reader, json, content);
        if (!JsonValue.ReadEntry(ref reader))
        {
            return first.IsPlainSpanOf(content) ? StateEvent.PlainSpan : [first.ToEvent()];
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
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException($"{reader.TokenType} where a state event is expected");
        }

        var type = StateEventType.Unknown;
        var itemType = OutputItemType.Message;
        int outputIndex = 0;
        string identifier = "";
        string? delta = null;
        string? value = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("event_type"u8))
            {
                type = ReadNext(ref reader) ? ReadEventType(ref reader) : type;
            }
            else if (reader.ValueTextEquals("item_type"u8))
            {
                itemType = ReadNext(ref reader) ? ReadItemType(ref reader) : itemType;
            }
            else if (reader.ValueTextEquals("output_index"u8))
            {
                outputIndex = ReadNext(ref reader) ? WireNumber.ReadCount(ref reader) : outputIndex;
            }
            else if (reader.ValueTextEquals("identifier"u8))
            {
                identifier = ReadNext(ref reader) ? JsonValue.ReadString(ref reader) : identifier;
            }
            else if (reader.ValueTextEquals("delta"u8))
            {
                delta = ReadNext(ref reader) ? ReadShared(ref reader, content) : delta;
            }
            else if (reader.ValueTextEquals("value"u8))
            {
                value = ReadNext(ref reader) ? JsonValue.ReadText(ref reader, json) : value;
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return new Fields(type, itemType, outputIndex, identifier, delta, value);
    }

    /// <summary>Goes on to the value; false when it is null and the default stays.</summary>
    private static bool ReadNext(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType != JsonTokenType.Null;
    }

    private static string ReadShared(ref Utf8JsonReader reader, string? content) =>
        reader.TokenType == JsonTokenType.String && content is not null && reader.ValueTextEquals(content)
            ? content
            : JsonValue.ReadString(ref reader);

    private static StateEventType ReadEventType(ref Utf8JsonReader reader)
    {
        RequireString(ref reader);
        return reader.ValueTextEquals(StateEventNames.ContentDelta) ? StateEventType.ContentDelta
            : reader.ValueTextEquals(StateEventNames.ItemStarted) ? StateEventType.ItemStarted
            : reader.ValueTextEquals(StateEventNames.ItemCompleted) ? StateEventType.ItemCompleted
            : StateEventType.Unknown;
    }

    private static OutputItemType ReadItemType(ref Utf8JsonReader reader)
    {
        RequireString(ref reader);
        return reader.ValueTextEquals(StateEventNames.Message) || reader.ValueTextEquals(""u8) ? OutputItemType.Message
            : reader.ValueTextEquals(StateEventNames.Reasoning) ? OutputItemType.Reasoning
            : reader.ValueTextEquals(StateEventNames.ToolCall) ? OutputItemType.ToolCall
            : OutputItemType.Unknown;
    }

    private static void RequireString(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException($"{reader.TokenType} where a string is expected");
        }
    }

    /// <summary>One event, before it is known whether it needs an object.</summary>
    private readonly record struct Fields(StateEventType Type, OutputItemType ItemType, int OutputIndex, string Identifier, string? Delta, string? Value)
    {
        public bool IsPlainSpanOf(string? content) =>
            Type == StateEventType.ContentDelta
            && ItemType == OutputItemType.Message
            && OutputIndex == 0
            && Value is null
            && content is not null
            && ReferenceEquals(Delta, content)
            && Identifier == StateEvent.MessageIdentifier;

        public StateEvent ToEvent() => new(Type, ItemType, OutputIndex, Identifier, Delta, Value);
    }
}

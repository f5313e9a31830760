using System.Text.Json;

namespace Orchard.Responses;

/// <summary>Events in OpenAI's JSON. Pure.</summary>
internal static class ResponseEventShape
{
    public static void Write(Utf8JsonWriter writer, ResponseEvent told)
    {
        writer.WriteStartObject();
        writer.WriteString("type", told.Type);
        writer.WriteNumber("sequence_number", told.SequenceNumber);
        if (told is ResponseSnapshotEvent snapshot)
        {
            writer.WritePropertyName("response");
            ResponseShape.Write(writer, snapshot.Response);
        }
        else if (told is ResponseItemEvent item)
        {
            WriteMembers(writer, item);
        }

        writer.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter writer, ResponseItemEvent told)
    {
        writer.WriteNumber("output_index", told.OutputIndex);
        if (told is OutputItemAddedEvent or OutputItemDoneEvent)
        {
            writer.WritePropertyName("item");
            ResponseItemShape.Write(writer, told is OutputItemAddedEvent added ? added.Item : ((OutputItemDoneEvent)told).Item);
            return;
        }

        writer.WriteString("item_id", told.ItemId);
        if (told is ResponsePartEvent part)
        {
            writer.WriteNumber("content_index", part.ContentIndex);
        }

        switch (told)
        {
            case ContentPartAddedEvent added:
                writer.WritePropertyName("part");
                ResponseItemShape.Write(writer, added.Part);
                break;
            case ContentPartDoneEvent done:
                writer.WritePropertyName("part");
                ResponseItemShape.Write(writer, done.Part);
                break;
            case OutputTextDeltaEvent delta:
                writer.WriteString("delta", delta.Delta);
                ResponseItemShape.WriteLogprobs(writer, delta.Tokens);
                break;
            case OutputTextDoneEvent done:
                writer.WriteString("text", done.Text);
                ResponseItemShape.WriteLogprobs(writer, done.Tokens);
                break;
            case ReasoningTextDeltaEvent delta:
                writer.WriteString("delta", delta.Delta);
                break;
            case ReasoningTextDoneEvent done:
                writer.WriteString("text", done.Text);
                break;
            case FunctionCallArgumentsDeltaEvent delta:
                writer.WriteString("delta", delta.Delta);
                break;
            case FunctionCallArgumentsDoneEvent done:
                writer.WriteString("name", done.Name);
                writer.WriteString("arguments", done.Arguments);
                break;
        }
    }
}

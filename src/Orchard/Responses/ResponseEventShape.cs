using System.Text.Json;

namespace Orchard.Responses;

/// <summary>Writes events in OpenAI's JSON.</summary>
internal static class ResponseEventShape
{
    public static void Write(Utf8JsonWriter writer, ResponseEvent responseEvent)
    {
        writer.WriteStartObject();
        writer.WriteString("type", responseEvent.Type);
        writer.WriteNumber("sequence_number", responseEvent.SequenceNumber);
        if (responseEvent is ResponseSnapshotEvent snapshot)
        {
            writer.WritePropertyName("response");
            ResponseShape.Write(writer, snapshot.Response);
        }
        else if (responseEvent is ResponseItemEvent item)
        {
            WriteMembers(writer, item);
        }

        writer.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter writer, ResponseItemEvent responseEvent)
    {
        writer.WriteNumber("output_index", responseEvent.OutputIndex);
        if (responseEvent is OutputItemAddedEvent or OutputItemDoneEvent)
        {
            writer.WritePropertyName("item");
            ResponseItemShape.Write(
                writer, responseEvent is OutputItemAddedEvent added ? added.Item : ((OutputItemDoneEvent)responseEvent).Item);
            return;
        }

        writer.WriteString("item_id", responseEvent.ItemId);
        if (responseEvent is ResponsePartEvent part)
        {
            writer.WriteNumber("content_index", part.ContentIndex);
        }

        switch (responseEvent)
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
                ResponseItemShape.WriteLogprobs(writer, delta.Logprobs);
                break;
            case OutputTextDoneEvent done:
                writer.WriteString("text", done.Text);
                ResponseItemShape.WriteLogprobs(writer, done.Logprobs);
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

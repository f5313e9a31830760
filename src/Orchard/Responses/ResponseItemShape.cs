using System.Text.Json;

namespace Orchard.Responses;

/// <summary>Items in OpenAI's JSON. Pure.</summary>
internal static class ResponseItemShape
{
    private const double LeastLogprob = -9999; // OpenAI's word for "next to impossible": JSON has no infinity

    public static void Write(Utf8JsonWriter writer, ResponseItem item)
    {
        writer.WriteStartObject();
        WriteOptional(writer, "id", item.Id);
        writer.WriteString("type", item.Type);
        WriteOptional(writer, "status", item.Status is { } status ? NameOf(status) : null);
        switch (item)
        {
            case MessageItem message:
                WriteMessage(writer, message);
                break;
            case ReasoningItem reasoning:
                writer.WriteStartArray("summary");
                writer.WriteEndArray();
                WriteContent(writer, new ContentPart("reasoning_text", reasoning.Text), reasoning.Status);
                break;
            case FunctionCallItem call:
                writer.WriteString("call_id", call.CallId);
                writer.WriteString("name", call.Name);
                writer.WriteString("arguments", call.Arguments);
                break;
            case FunctionCallOutputItem output:
                writer.WriteString("call_id", output.CallId);
                writer.WriteString("output", output.Output);
                break;
        }

        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, ContentPart part)
    {
        writer.WriteStartObject();
        writer.WriteString("type", part.Type);
        writer.WriteString("text", part.Text);
        if (part.Type == "output_text")
        {
            writer.WriteStartArray("annotations");
            writer.WriteEndArray();
            WriteLogprobs(writer, part.Tokens);
        }

        writer.WriteEndObject();
    }

    public static void WriteLogprobs(Utf8JsonWriter writer, IReadOnlyList<GeneratedToken> tokens)
    {
        writer.WriteStartArray("logprobs");
        foreach (GeneratedToken token in tokens)
        {
            writer.WriteStartObject();
            WriteToken(writer, token.Text, token.Bytes, token.Logprob);
            writer.WriteStartArray("top_logprobs");
            foreach (LikelyToken likely in token.TopLogprobs)
            {
                writer.WriteStartObject();
                WriteToken(writer, likely.Text, likely.Bytes, likely.Logprob);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteMessage(Utf8JsonWriter writer, MessageItem message)
    {
        writer.WriteString("role", message.Role switch
        {
            MessageRole.System => "system",
            MessageRole.User => "user",
            MessageRole.Assistant => "assistant",
            _ => throw new ArgumentException($"A message of the role '{message.Role}' has no JSON; use System, User or Assistant.", nameof(message)),
        });
        string type = message.Role == MessageRole.Assistant ? "output_text" : "input_text";
        WriteContent(writer, new ContentPart(type, message.Text) { Tokens = message.Tokens }, message.Status);
    }

    // An item that has just been added has no part yet.
    private static void WriteContent(Utf8JsonWriter writer, ContentPart part, ResponseItemStatus? status)
    {
        writer.WriteStartArray("content");
        if (status != ResponseItemStatus.InProgress || part.Text.Length > 0)
        {
            Write(writer, part);
        }

        writer.WriteEndArray();
    }

    private static void WriteToken(Utf8JsonWriter writer, string text, ReadOnlyMemory<byte> bytes, double logprob)
    {
        writer.WriteString("token", text);
        writer.WriteStartArray("bytes");
        foreach (byte one in bytes.Span)
        {
            writer.WriteNumberValue(one);
        }

        writer.WriteEndArray();
        writer.WriteNumber("logprob", double.IsFinite(logprob) ? logprob : LeastLogprob);
    }

    private static void WriteOptional(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    private static string NameOf(ResponseItemStatus status) => status switch
    {
        ResponseItemStatus.InProgress => "in_progress",
        ResponseItemStatus.Completed => "completed",
        _ => "incomplete",
    };
}

using System.Text.Json;

namespace Orchard.Responses;

/// <summary>Writes items in OpenAI's JSON.</summary>
internal static class ResponseItemShape
{
    private const double LeastLogprob = -9999; // OpenAI's value for a probability of about 0, because JSON has no infinity

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
                var part = new ResponseContentPart { Kind = ResponseContentKind.ReasoningText, Text = reasoning.Text };
                WriteContent(writer, part, reasoning.Status);
                break;
            case FunctionCallItem call:
                writer.WriteString("call_id", call.CallId);
                writer.WriteString("name", call.Name);
                writer.WriteString("arguments", call.Arguments);
                break;
            case FunctionCallOutputItem output:
                writer.WriteString("call_id", output.CallId);
                if (HasMedia(output.Content))
                {
                    ResponseMediaShape.Write(writer, "output", output.Content);
                }
                else
                {
                    writer.WriteString("output", output.Output);
                }

                break;
        }

        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, ResponseContentPart part)
    {
        writer.WriteStartObject();
        writer.WriteString("type", NameOf(part.Kind));
        writer.WriteString("text", part.Text);
        if (part.Kind == ResponseContentKind.OutputText)
        {
            writer.WriteStartArray("annotations");
            writer.WriteEndArray();
            WriteLogprobs(writer, part.Logprobs);
        }

        writer.WriteEndObject();
    }

    public static void WriteLogprobs(Utf8JsonWriter writer, IReadOnlyList<TokenLogprob> tokens)
    {
        writer.WriteStartArray("logprobs");
        foreach (TokenLogprob token in tokens)
        {
            writer.WriteStartObject();
            WriteToken(writer, token);
            writer.WriteStartArray("top_logprobs");
            foreach (TokenLogprob top in token.TopLogprobs)
            {
                writer.WriteStartObject();
                WriteToken(writer, top);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static bool HasMedia(IReadOnlyList<ContentPart> content) => content.Any(static part => part is MediaPart);

    private static void WriteMessage(Utf8JsonWriter writer, MessageItem message)
    {
        writer.WriteString("role", message.Role switch
        {
            MessageRole.System => "system",
            MessageRole.User => "user",
            MessageRole.Assistant => "assistant",
            _ => throw new ArgumentException(
                $"The message has the role '{message.Role}', which has no JSON form; allowed is System, User or Assistant.",
                nameof(message)),
        });
        if (HasMedia(message.Content))
        {
            ResponseMediaShape.Write(writer, "content", message.Content);
            return;
        }

        var part = new ResponseContentPart
        {
            Kind = message.Role == MessageRole.Assistant ? ResponseContentKind.OutputText : ResponseContentKind.InputText,
            Text = message.Text,
            Logprobs = message.Logprobs,
        };
        WriteContent(writer, part, message.Status);
    }

    // An item that has just been added has no parts yet.
    private static void WriteContent(Utf8JsonWriter writer, ResponseContentPart part, ResponseItemStatus? status)
    {
        writer.WriteStartArray("content");
        if (status != ResponseItemStatus.InProgress || part.Text.Length > 0)
        {
            Write(writer, part);
        }

        writer.WriteEndArray();
    }

    private static void WriteToken(Utf8JsonWriter writer, TokenLogprob token)
    {
        writer.WriteString("token", token.Text);
        writer.WriteStartArray("bytes");
        foreach (byte one in token.Bytes.Span)
        {
            writer.WriteNumberValue(one);
        }

        writer.WriteEndArray();
        writer.WriteNumber("logprob", double.IsFinite(token.Logprob) ? token.Logprob : LeastLogprob);
    }

    private static void WriteOptional(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    private static string NameOf(ResponseContentKind kind) => kind switch
    {
        ResponseContentKind.InputText => "input_text",
        ResponseContentKind.OutputText => "output_text",
        _ => "reasoning_text",
    };

    private static string NameOf(ResponseItemStatus status) => status switch
    {
        ResponseItemStatus.InProgress => "in_progress",
        ResponseItemStatus.Completed => "completed",
        _ => "incomplete",
    };
}

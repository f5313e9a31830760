using System.Text.Json;

namespace Orchard.Remote.Requests;

/// <summary>Writes the messages of a conversation as the input of Responses.</summary>
internal static class InputWriter
{
    /// <summary>Writes the messages as a member of a request.</summary>
    /// <param name="json">Where to write.</param>
    /// <param name="messages">The messages.</param>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<Message> messages)
    {
        var unanswered = new Queue<string>();
        json.WriteStartArray("input"u8);
        foreach (Message message in messages)
        {
            if (message.Role == MessageRole.Tool)
            {
                json.WriteStartObject();
                json.WriteString("type"u8, "function_call_output"u8);
                json.WriteString("call_id"u8, message.ToolCallId ?? (unanswered.TryDequeue(out string? next) ? next : ""));
                json.WriteString("output"u8, message.Text);
                json.WriteEndObject();
                continue;
            }

            if (message.Reasoning is { Length: > 0 } reasoning)
            {
                json.WriteStartObject();
                json.WriteString("type"u8, "reasoning"u8);
                json.WriteString("content"u8, reasoning);
                json.WriteEndObject();
            }

            if (message.Text.Length > 0 || message.ToolCalls.Count == 0)
            {
                json.WriteStartObject();
                json.WriteString("type"u8, "message"u8);
                json.WriteString("role"u8, RoleOf(message.Role));
                json.WriteString("content"u8, message.Text);
                json.WriteEndObject();
            }

            foreach (ToolCall call in message.ToolCalls)
            {
                json.WriteStartObject();
                json.WriteString("type"u8, "function_call"u8);
                json.WriteString("call_id"u8, call.Id);
                json.WriteString("name"u8, call.Name);
                json.WriteString("arguments"u8, call.Arguments);
                json.WriteEndObject();
                unanswered.Enqueue(call.Id);
            }
        }

        json.WriteEndArray();
    }

    private static ReadOnlySpan<byte> RoleOf(MessageRole role) => role switch
    {
        MessageRole.System => "system"u8,
        MessageRole.Assistant => "assistant"u8,
        _ => "user"u8,
    };
}

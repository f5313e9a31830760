using System.Text.Json;
using Orchard.Media;

namespace Orchard.Remote.Requests;

/// <summary>Writes the messages of a conversation.</summary>
internal static class MessageWriter
{
    /// <summary>Writes the messages as a member of a request.</summary>
    /// <param name="json">Where to write.</param>
    /// <param name="messages">The messages.</param>
    /// <param name="withReasoning">Whether the reasoning of earlier turns is written.</param>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<Message> messages, bool withReasoning)
    {
        var unanswered = new Queue<string>();
        json.WriteStartArray("messages"u8);
        foreach (Message message in messages)
        {
            json.WriteStartObject();
            json.WriteString("role"u8, RoleOf(message.Role));
            if (message.Role == MessageRole.Tool)
            {
                json.WriteString("tool_call_id"u8, message.ToolCallId ?? (unanswered.TryDequeue(out string? next) ? next : ""));
            }

            IReadOnlyList<ContentPart> content = Shown(message);
            if (content.Any(static part => part is MediaPart))
            {
                WriteParts(json, content);
            }
            else if (message.Text.Length == 0 && !message.HasMedia && message.ToolCalls.Count > 0)
            {
                json.WriteNull("content"u8);
            }
            else
            {
                json.WriteString("content"u8, string.Concat(content.OfType<TextPart>().Select(static part => part.Text)));
            }

            // Servers differ in the name that they read.
            if (withReasoning && message.Reasoning is { Length: > 0 } reasoning)
            {
                json.WriteString("reasoning"u8, reasoning);
                json.WriteString("reasoning_content"u8, reasoning);
            }

            if (message.ToolCalls.Count > 0)
            {
                WriteCalls(json, message.ToolCalls);
                unanswered = new Queue<string>(message.ToolCalls.Select(static call => call.Id));
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // Servers take images and sound in messages of the user; whether their model does, and in which formats, they say themselves.
    private static IReadOnlyList<ContentPart> Shown(Message message) => message.Role == MessageRole.User || !message.HasMedia
        ? message.Content
        : [.. message.Content.Select(static part => part is MediaPart { AlternativeText: { } text } ? new TextPart(text) : part)];

    private static void WriteParts(Utf8JsonWriter json, IReadOnlyList<ContentPart> content)
    {
        json.WriteStartArray("content"u8);
        foreach (ContentPart part in content)
        {
            json.WriteStartObject();
            switch (part)
            {
                case TextPart text:
                    json.WriteString("type"u8, "text"u8);
                    json.WriteString("text"u8, text.Text);
                    break;
                case ImagePart image:
                    json.WriteString("type"u8, "image_url"u8);
                    json.WriteStartObject("image_url"u8);
                    json.WriteString("url"u8, MediaSource.ToDataUri(image.Data.Span, image.MediaType));
                    json.WriteEndObject();
                    break;
                case AudioPart audio:
                    json.WriteString("type"u8, "input_audio"u8);
                    json.WriteStartObject("input_audio"u8);
                    json.WriteBase64String("data"u8, audio.Data.Span);
                    json.WriteString("format"u8, MediaSource.AudioName(audio.MediaType));
                    json.WriteEndObject();
                    break;
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteCalls(Utf8JsonWriter json, IReadOnlyList<ToolCall> calls)
    {
        json.WriteStartArray("tool_calls"u8);
        foreach (ToolCall call in calls)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, call.Id);
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, call.Name);
            json.WriteString("arguments"u8, call.Arguments);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static ReadOnlySpan<byte> RoleOf(MessageRole role) => role switch
    {
        MessageRole.System => "system"u8,
        MessageRole.Assistant => "assistant"u8,
        MessageRole.Tool => "tool"u8,
        _ => "user"u8,
    };
}

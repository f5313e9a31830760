using System.Text.Json;
using Orchard.Server.Generation;

namespace Orchard.Server.Ollama.Chat;

/// <summary>Reads conversations in the shape of Ollama's API. Pure.</summary>
internal static class OllamaMessages
{
    /// <summary>Returns the messages; none if the field is absent.</summary>
    /// <param name="field">The list of messages.</param>
    public static IReadOnlyList<Message> Read(Field field) =>
        field.IsAbsent ? [] : [.. field.Items("a list of messages").Select(ReadMessage)];

    /// <summary>Returns a content with images, which come before the text, as Ollama has it.</summary>
    /// <param name="images">A list of images in base64; may be absent.</param>
    /// <param name="text">The text.</param>
    public static IReadOnlyList<ContentPart> Content(Field images, string text) => images.IsAbsent
        ? [new TextPart(text)]
        : [.. images.Items("a list of images in base64").Select(static image => MediaField.Image(image)), new TextPart(text)];

    private static Message ReadMessage(Field message, int index)
    {
        if (!message.IsObject)
        {
            throw message.Invalid("an object");
        }

        Field role = message.Member("role");
        Field thinking = message.Member("thinking");
        Field calls = message.Member("tool_calls");
        Field content = message.Member("content");
        string text = content.IsAbsent ? "" : ContentField.ReadText(content);
        IReadOnlyList<ContentPart> parts = Content(message.Member("images"), text);
        return role.ToText() switch
        {
            "system" or "developer" => new Message(MessageRole.System, parts),
            "user" => Message.User(parts),
            "assistant" => new Message(MessageRole.Assistant, parts)
            {
                ToolCalls =
                    calls.IsAbsent ? [] : [.. calls.Items("a list of tool calls").Select((call, n) => Call(call, $"{index}_{n}"))],
                Reasoning = thinking.IsAbsent ? null : thinking.ToText(),
            },
            "tool" => Tool(message, Content(message.Member("images"), Unwrap(text))),
            _ => throw role.Invalid("system, user, assistant or tool"),
        };
    }

    // Most clients send no ids; results belong to calls by their order then.
    private static Message Tool(Field message, IReadOnlyList<ContentPart> content) => new(MessageRole.Tool, content)
    {
        ToolCallId = message.Member("tool_call_id") is { IsText: true } id ? id.ToText() : null,
    };

    private static ToolCall Call(Field call, string fallbackId)
    {
        Field function = call.Member("function");
        Field id = call.Member("id");
        return new ToolCall(
            id.IsText && id.ToText().Length > 0 ? id.ToText() : fallbackId,
            function.Member("name").ToText(),
            CallArguments.Read(function.Member("arguments")));
    }

    // OllamaSharp sends Microsoft.Extensions.AI's result content as JSON, with the id that it made up.
    private static string Unwrap(string text)
    {
        if (!text.StartsWith("{\"CallId\":", StringComparison.Ordinal))
        {
            return text;
        }

        try
        {
            using JsonDocument json = JsonDocument.Parse(text);
            return !json.RootElement.TryGetProperty("Result", out JsonElement result) ? text
                : result.ValueKind == JsonValueKind.String ? new Field("content", result).ToText()
                : result.GetRawText();
        }
        catch (JsonException)
        {
            return text;
        }
    }
}

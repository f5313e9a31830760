using Orchard.Server.Generation;

namespace Orchard.Server.OpenAI.Chat;

/// <summary>Reads conversations in the shape of OpenAI's chat API. Pure.</summary>
internal static class ChatMessages
{
    /// <summary>Returns the messages.</summary>
    /// <param name="field">The list of messages.</param>
    public static IReadOnlyList<Message> Read(Field field)
    {
        const string allowed = "a list of at least one message";
        Message[] messages = [.. field.Items(allowed).Select(ReadMessage)];
        return messages.Length > 0 ? messages : throw field.Invalid(allowed);
    }

    private static Message ReadMessage(Field message)
    {
        if (!message.IsObject)
        {
            throw message.Invalid("an object");
        }

        Field role = message.Member("role");
        IReadOnlyList<ContentPart> content = ContentField.Read(message.Member("content"));
        return role.ToText() switch
        {
            "system" or "developer" => new Message(MessageRole.System, content),
            "user" => new Message(MessageRole.User, content),
            "assistant" or "model" => Assistant(message, content),
            "tool" => Tool(message.Member("tool_call_id"), content),
            "function" => Tool(message.Member("name"), content),
            _ => throw role.Invalid("system, developer, user, assistant or tool"),
        };
    }

    private static Message Assistant(Field message, IReadOnlyList<ContentPart> content)
    {
        Field calls = message.Member("tool_calls");
        Field legacy = message.Member("function_call");
        Field reasoning = message.Member("reasoning_content") is { IsAbsent: false } given ? given : message.Member("reasoning");
        Field refusal = message.Member("refusal");
        return new Message(MessageRole.Assistant, content.Count == 0 && !refusal.IsAbsent ? [new TextPart(refusal.ToText())] : content)
        {
            ToolCalls =
            [
                .. calls.IsAbsent ? [] : calls.Items("a list of tool calls").Select(Call),
                .. legacy.IsAbsent ? Array.Empty<ToolCall>() : [Call(legacy, legacy.Member("name"))],
            ],
            Reasoning = reasoning.IsAbsent ? null : ContentField.ReadText(reasoning),
        };
    }

    private static Message Tool(Field id, IReadOnlyList<ContentPart> content) => new(MessageRole.Tool, content)
    {
        ToolCallId = id.IsAbsent || id.ToText().Length == 0 ? null : id.ToText(),
    };

    private static ToolCall Call(Field call)
    {
        Field function = call.Member("function") is { IsAbsent: false } given ? given : call.Member("custom");
        return Call(function, call.Member("id"));
    }

    private static ToolCall Call(Field function, Field id)
    {
        Field arguments = function.Member("arguments") is { IsAbsent: false } given ? given : function.Member("input");
        return new ToolCall(id.IsAbsent ? "" : id.ToText(), function.Member("name").ToText(), CallArguments.Read(arguments));
    }
}

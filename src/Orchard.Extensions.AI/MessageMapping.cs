using System.Text;
using Microsoft.Extensions.AI;

namespace Orchard.Extensions.AI;

/// <summary>Converts messages of Microsoft.Extensions.AI to a conversation. Pure.</summary>
internal static class MessageMapping
{
    /// <summary>Converts the messages, preceded by a system message with the instructions, if there are any.</summary>
    /// <exception cref="NotSupportedException">A message has a role or content that is not supported.</exception>
    public static IReadOnlyList<Message> ToConversation(IEnumerable<ChatMessage> messages, string? instructions)
    {
        var conversation = new List<Message>();
        if (!string.IsNullOrEmpty(instructions))
        {
            conversation.Add(Message.System(instructions));
        }

        int index = 0;
        foreach (ChatMessage message in messages)
        {
            if (message is null)
            {
                throw new ArgumentException($"Message {index} is null.", nameof(messages));
            }

            Add(conversation, message, index);
            index++;
        }

        return conversation;
    }

    // One message can hold the results of several calls; Orchard has one message per result.
    private static void Add(List<Message> conversation, ChatMessage message, int index)
    {
        FunctionResultContent[] results = [.. message.Contents.OfType<FunctionResultContent>()];
        foreach (FunctionResultContent result in results)
        {
            conversation.Add(Message.Tool(result.CallId, ToolMapping.ToText(result)));
        }

        if (results.Length > 0 && message.Contents.Count == results.Length)
        {
            return;
        }

        string reasoning = string.Concat(message.Contents.OfType<TextReasoningContent>().Select(content => content.Text));
        conversation.Add(new Message(ToRole(message.Role, index), ToText(message, index))
        {
            ToolCalls = message.Contents.Any(content => content is FunctionCallContent)
                ? [.. message.Contents.OfType<FunctionCallContent>().Select(ToolMapping.ToCall)]
                : [],
            Reasoning = reasoning.Length > 0 ? reasoning : null,
        });
    }

    private static MessageRole ToRole(ChatRole role, int index) =>
        role == ChatRole.User ? MessageRole.User
        : role == ChatRole.Assistant ? MessageRole.Assistant
        : role == ChatRole.System ? MessageRole.System
        : throw new NotSupportedException(
            $"Message {index} has the role '{role}'. "
            + "Supported are system, user and assistant messages, and tool messages with function results.");

    private static string ToText(ChatMessage message, int index)
    {
        if (message.Contents is [TextContent only])
        {
            return only.Text;
        }

        var text = new StringBuilder();
        foreach (AIContent content in message.Contents)
        {
            switch (content)
            {
                case TextContent words:
                    text.Append(words.Text);
                    break;
                case TextReasoningContent or UsageContent or FunctionResultContent:
                case FunctionCallContent when message.Role == ChatRole.Assistant:
                    break; // converted elsewhere, or not part of a prompt
                default:
                    throw new NotSupportedException(
                        $"Message {index} has {Describe(content)}. Only text is supported; leave it out, or send its content as text.");
            }
        }

        return text.ToString();
    }

    private static string Describe(AIContent content) => content switch
    {
        DataContent data => $"data of type '{data.MediaType}' (DataContent)",
        UriContent uri => $"a link to data of type '{uri.MediaType}' (UriContent)",
        FunctionCallContent call => $"a call of function '{call.Name}' (FunctionCallContent)",
        _ => $"content of type {content.GetType().Name}",
    };
}

using System.Text;
using Microsoft.Extensions.AI;

namespace Orchard;

/// <summary>Messages of Microsoft.Extensions.AI as a conversation of ours. Pure.</summary>
internal static class MessageMapping
{
    /// <summary>The instructions, when there are any, as the first system message, then the messages.</summary>
    /// <exception cref="NotSupportedException">A message has a role or a content that a model here cannot read.</exception>
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

    // A message can hold the results of several calls; of ours, each is a message.
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
        : throw new NotSupportedException($"Message {index} has the role '{role}'. Orchard takes system, user and assistant messages, and tool messages with results of functions.");

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
                    break; // has a place of its own, or none in a conversation that goes on
                default:
                    throw new NotSupportedException($"Message {index} has {Describe(content)}. Orchard takes text only; leave it out, or send what it says as text.");
            }
        }

        return text.ToString();
    }

    private static string Describe(AIContent content) => content switch
    {
        DataContent data => $"data of the type '{data.MediaType}' (DataContent)",
        UriContent uri => $"a link to data of the type '{uri.MediaType}' (UriContent)",
        FunctionCallContent call => $"a call of the function '{call.Name}' (FunctionCallContent)",
        _ => $"a content of the type {content.GetType().Name}",
    };
}

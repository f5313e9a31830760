using Microsoft.Extensions.AI;

namespace Orchard.Extensions.AI;

/// <summary>Converts messages of Microsoft.Extensions.AI to a conversation. Pure.</summary>
internal static class MessageMapping
{
    /// <summary>
    /// Converts the messages, preceded by a system message with the instructions, if there are any. Contents that say nothing to a model
    /// are left out, and so are messages without any other.
    /// </summary>
    /// <param name="messages">The messages.</param>
    /// <param name="instructions">Instructions besides those of the messages; null for none.</param>
    /// <param name="names">Names of functions for the model.</param>
    /// <exception cref="NotSupportedException">A new message of the user has data that the model cannot see.</exception>
    /// <exception cref="ArgumentException">A message is null.</exception>
    public static IReadOnlyList<Message> ToConversation(
        IEnumerable<ChatMessage> messages, string? instructions, ToolNames? names = null)
    {
        ChatMessage[] all = [.. messages];
        if (Array.FindIndex(all, static message => message is null) is >= 0 and int missing)
        {
            throw new ArgumentException($"Message {missing} is null.", nameof(messages));
        }

        RefuseNewData(all);
        var conversation = new ConversationWriter(all, names ?? ToolNames.None);
        if (!string.IsNullOrEmpty(instructions))
        {
            conversation.Add(new ChatMessage(ChatRole.System, instructions));
        }

        foreach (ChatMessage message in all)
        {
            conversation.Add(message);
        }

        return conversation.ToMessages();
    }

    // What the model has answered already is history, which is rendered as far as it can be. An answer to a new image that the model does
    // not see would mislead.
    private static void RefuseNewData(ChatMessage[] messages)
    {
        int first = Array.FindLastIndex(messages, static message => ConversationWriter.RoleOf(message.Role) == MessageRole.Assistant) + 1;
        for (int i = first; i < messages.Length; i++)
        {
            if (ConversationWriter.RoleOf(messages[i].Role) == MessageRole.User
                && messages[i].Contents.FirstOrDefault(IsUnseen) is { } content)
            {
                throw new NotSupportedException(
                    $"Message {i} has {Describe(content)}. Only text is supported; leave it out, or send its content as text.");
            }
        }
    }

    private static bool IsUnseen(AIContent content) => content switch
    {
        DataContent data => !ContentText.IsText(data.MediaType),
        UriContent => true,
        _ => false,
    };

    private static string Describe(AIContent content) => content switch
    {
        DataContent data => $"data of type '{data.MediaType}' (DataContent)",
        UriContent uri => $"a link to data of type '{uri.MediaType}' (UriContent)",
        _ => $"content of type {content.GetType().Name}",
    };
}

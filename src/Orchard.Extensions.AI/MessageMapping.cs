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
    /// <exception cref="NotSupportedException">
    /// A new message of the user has data that is neither text nor an image or sound, or that would have to be downloaded.
    /// </exception>
    /// <exception cref="IOException">A new message of the user has the URI of a file that cannot be read.</exception>
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
        int answered = AnsweredIn(all);
        if (!string.IsNullOrEmpty(instructions))
        {
            conversation.Add(new ChatMessage(ChatRole.System, instructions));
        }

        for (int i = 0; i < all.Length; i++)
        {
            conversation.Add(all[i], isHistory: i < answered);
        }

        return conversation.ToMessages();
    }

    // The number of messages that the model has answered already. They are history, which is rendered as far as it can be.
    private static int AnsweredIn(ChatMessage[] messages) =>
        Array.FindLastIndex(messages, static message => ConversationWriter.RoleOf(message.Role) == MessageRole.Assistant) + 1;

    // An answer to new data that the model does not see would mislead.
    private static void RefuseNewData(ChatMessage[] messages)
    {
        for (int i = AnsweredIn(messages); i < messages.Length; i++)
        {
            if (ConversationWriter.RoleOf(messages[i].Role) == MessageRole.User
                && messages[i].Contents.FirstOrDefault(IsUnseen) is { } content)
            {
                throw new NotSupportedException(
                    $"Message {i} has {Describe(content)}. {Advice(content)}");
            }
        }
    }

    private static bool IsUnseen(AIContent content) => content switch
    {
        _ when MediaMapping.IsMedia(content) => false,
        DataContent data => !ContentText.IsText(data.MediaType),
        UriContent => true,
        _ => false,
    };

    private static string Advice(AIContent content) => content is UriContent { MediaType: var type } && MediaMapping.IsMedia(type)
        ? "Nothing is downloaded: send its bytes as DataContent, or a file: URI."
        : "Only text, images and sound are supported; leave it out, or send its content as text.";

    private static string Describe(AIContent content) => content switch
    {
        DataContent data => $"data of type '{data.MediaType}' (DataContent)",
        UriContent uri => $"a link to data of type '{uri.MediaType}' (UriContent)",
        _ => $"content of type {content.GetType().Name}",
    };
}

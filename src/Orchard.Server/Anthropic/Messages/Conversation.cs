using Orchard.Server.Errors;
using Orchard.Server.Generation;

namespace Orchard.Server.Anthropic.Messages;

/// <summary>Reads conversations in the shape of Anthropic's API. Pure.</summary>
internal static class Conversation
{
    // Claude Code's first instruction. It differs in every request, so that no prompt would begin with the tokens of an earlier one.
    private const string BillingHeader = "x-anthropic-billing-header:";

    /// <summary>Returns the messages, with the instructions as the first.</summary>
    /// <param name="system">The instructions; may be absent.</param>
    /// <param name="messages">The messages.</param>
    public static IReadOnlyList<Message> Read(Field system, Field messages)
    {
        const string allowed = "a list of at least one message";
        var conversation = new List<Message>();
        if (Instructions(system) is { Length: > 0 } instructions)
        {
            conversation.Add(Message.System(instructions));
        }

        int before = conversation.Count;
        foreach (Field message in messages.Items(allowed))
        {
            Add(message, conversation);
        }

        return conversation.Count == before ? throw messages.Invalid(allowed)
            : conversation[^1].Role == MessageRole.Assistant
                ? throw ApiException.Unsupported("messages", "ends with a message of the assistant; this server does not continue one")
            : conversation;
    }

    private static string Instructions(Field system)
    {
        if (system.IsAbsent)
        {
            return "";
        }

        IEnumerable<string> blocks = system.IsText
            ? [system.ToText()]
            : system.Items("a string or a list of text blocks").Select(static block => block.Member("text").ToText());
        return string.Join("\n\n", blocks.Select(WithoutBilling).Where(static text => text.Length > 0));
    }

    private static string WithoutBilling(string text)
    {
        if (!text.StartsWith(BillingHeader, StringComparison.OrdinalIgnoreCase))
        {
            return text;
        }

        int end = text.IndexOf('\n', StringComparison.Ordinal);
        return end < 0 ? "" : text[(end + 1)..];
    }

    private static void Add(Field message, List<Message> conversation)
    {
        if (!message.IsObject)
        {
            throw message.Invalid("an object");
        }

        Field role = message.Member("role");
        Field content = message.Member("content");
        switch (role.ToText())
        {
            case "user":
                AddUser(content, conversation);
                break;
            case "assistant":
                conversation.Add(Assistant(content));
                break;
            case "system":
                conversation.Add(Message.System(ContentField.ReadText(content)));
                break;
            default:
                throw role.Invalid("user or assistant");
        }
    }

    // Results of tools come in the message of the user, before its text.
    private static void AddUser(Field content, List<Message> conversation)
    {
        if (content.IsText)
        {
            conversation.Add(Message.User(content.ToText()));
            return;
        }

        var texts = new List<ContentPart>();
        int before = conversation.Count;
        foreach (Field block in content.Items("a string or a list of blocks"))
        {
            if (block.Member("type") is { IsText: true } type && type.ToText() == "tool_result")
            {
                conversation.Add(Result(block));
            }
            else
            {
                texts.Add(PartOf(block));
            }
        }

        if (texts.Count > 0 || conversation.Count == before)
        {
            conversation.Add(Message.User(texts));
        }
    }

    private static Message Result(Field block)
    {
        Field content = block.Member("content");
        Field isError = block.Member("is_error");
        IReadOnlyList<ContentPart> parts = content.IsAbsent ? []
            : content.IsText ? [new TextPart(content.ToText())]
            : OnLines(content.Items("a string or a list of blocks").Select(PartOf));
        bool isSilentFailure = !isError.IsAbsent && isError.ToBool() && parts.All(static part => part is TextPart { Text: "" });
        return new Message(MessageRole.Tool, isSilentFailure ? [new TextPart("The tool failed.")] : parts)
        {
            ToolCallId = block.Member("tool_use_id").ToText(),
        };
    }

    private static List<ContentPart> OnLines(IEnumerable<ContentPart> parts)
    {
        var lines = new List<ContentPart>();
        foreach (ContentPart part in parts)
        {
            lines.Add(part is TextPart text && lines is [.., TextPart] ? new TextPart($"\n{text.Text}") : part);
        }

        return lines;
    }

    private static Message Assistant(Field content)
    {
        if (content.IsText)
        {
            return Message.Assistant(content.ToText());
        }

        var texts = new List<ContentPart>();
        var calls = new List<ToolCall>();
        var reasoning = new List<string>();
        foreach (Field block in content.Items("a string or a list of blocks"))
        {
            switch (block.Member("type").ToText())
            {
                case "thinking":
                    reasoning.Add(block.Member("thinking").ToText());
                    break;
                case "tool_use":
                    Field input = block.Member("input");
                    calls.Add(new ToolCall(
                        block.Member("id").ToText(),
                        block.Member("name").ToText(),
                        input.IsAbsent ? "{}" : input.ToJsonObject("an object").GetRawText()));
                    break;
                case "text":
                    texts.Add(PartOf(block));
                    break;
                default:
                    break; // made by another service, for itself
            }
        }

        return new Message(MessageRole.Assistant, texts)
        {
            ToolCalls = calls,
            Reasoning = reasoning.Count > 0 ? string.Join('\n', reasoning) : null,
        };
    }

    private static ContentPart PartOf(Field block)
    {
        if (!block.IsObject)
        {
            throw block.Invalid("an object");
        }

        Field type = block.Member("type");
        return type.ToText() switch
        {
            "text" => new TextPart(block.Member("text").ToText()),
            "document" when block.Member("source").Member("type") is { IsText: true } kind && kind.ToText() == "text" =>
                new TextPart(block.Member("source").Member("data").ToText()),
            "search_result" => new TextPart(ContentField.ReadText(block.Member("content"))),
            "tool_reference" => new TextPart(""),
            "image" => MediaField.Source(block.Member("source")),
            "document" => throw ApiException.Unsupported(
                block.Name, "is a document; this server reads text and images only, so send its text"),
            _ => throw type.Invalid("text, image, tool_result or document"),
        };
    }
}

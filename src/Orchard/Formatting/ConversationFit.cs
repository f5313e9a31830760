using System.Security.Cryptography;
using System.Text;

namespace Orchard.Formatting;

/// <summary>
/// Changes a conversation where the chat template would reject it or leave out a part, and no further: a template is asked by
/// <see cref="TemplateProbe"/> about a kind of conversation when the conversation is of that kind. Thread-safe.
/// </summary>
/// <param name="probe">Knows what the template can do.</param>
/// <param name="template">The template, by name or as text; null for the model's main template.</param>
/// <param name="cancellationToken">Cancels what the template is asked.</param>
internal sealed class ConversationFit(TemplateProbe probe, string? template, CancellationToken cancellationToken)
{
    private const int ShortIdLength = 9;

    private const string NoResult = "There is no result: the call was not executed.";

    /// <summary>Fits calls and results, which have been paired, to a template that supports tools.</summary>
    public IReadOnlyList<Message> FitCalls(IReadOnlyList<Message> messages)
    {
        if (!messages.Any(message => message.Role == MessageRole.Tool || message.ToolCalls.Count > 0) || !Can(ConversationCase.Call))
        {
            return messages;
        }

        List<Message> fitted = [.. messages];
        if (fitted.Exists(message => message.ToolCalls.Count > 1) && !Can(ConversationCase.ParallelCalls))
        {
            fitted = CallByCall(fitted);
        }

        if (!Can(ConversationCase.UnansweredCall))
        {
            AddMissingResults(fitted);
        }

        if (!Can(ConversationCase.ResultWithoutCall))
        {
            fitted = [.. fitted.Select((message, index) => IsWithoutCall(fitted, index) ? ToolsAsText.ResultAsUser(message) : message)];
        }

        return Can(ConversationCase.CallWithForeignId) ? fitted : [.. fitted.Select(WithShortIds)];
    }

    /// <summary>Fits the roles and their order. Messages that say nothing are left out, except the last one.</summary>
    public IReadOnlyList<Message> FitTurns(IReadOnlyList<Message> messages)
    {
        if (IsCommon(messages))
        {
            return messages;
        }

        List<Message> fitted = [.. messages.Where((message, index) => !SaysNothing(message) || index == messages.Count - 1)];
        if (fitted.Count > 1 && SaysNothing(fitted[^1]) && fitted[^1].Role != MessageRole.User)
        {
            fitted.RemoveAt(fitted.Count - 1);
        }

        FitSystem(fitted);
        FitFirst(fitted);
        Join(fitted, MessageRole.User, ConversationCase.UsersInSuccession);
        Join(fitted, MessageRole.Assistant, ConversationCase.AssistantsInSuccession);
        AnswerResults(fitted);
        return fitted;
    }

    // User and assistant take turns, after a system message that the template shows: any template takes it as it is.
    private bool IsCommon(IReadOnlyList<Message> messages)
    {
        int first = messages[0].Role == MessageRole.System && messages.Count > 1 && Can(ConversationCase.System) ? 1 : 0;
        for (int i = first; i < messages.Count; i++)
        {
            MessageRole expected = (i - first) % 2 == 0 ? MessageRole.User : MessageRole.Assistant;
            if (messages[i].Role != expected || SaysNothing(messages[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool SaysNothing(Message message) =>
        message.Role != MessageRole.Tool && message is { Text.Length: 0, ToolCalls.Count: 0, Reasoning: null or "" };

    private void FitSystem(List<Message> messages)
    {
        while (messages is [{ Role: MessageRole.System }, { Role: MessageRole.System }, ..])
        {
            messages[0] = messages[0].Append(messages[1]);
            messages.RemoveAt(1);
        }

        if (messages.Skip(1).Any(message => message.Role == MessageRole.System) && !Can(ConversationCase.LateSystem))
        {
            // Where it is, so that the model knows from when on it holds.
            for (int i = 1; i < messages.Count; i++)
            {
                messages[i] = messages[i].Role == MessageRole.System ? Message.User(messages[i].Content) : messages[i];
            }
        }

        if (messages[0].Role == MessageRole.System && !Can(ConversationCase.System))
        {
            messages[0] = Message.User(messages[0].Content);
            if (messages is [var instructions, { Role: MessageRole.User } question, ..])
            {
                messages[0] = instructions.Append(question);
                messages.RemoveAt(1);
            }
        }
    }

    private void FitFirst(List<Message> messages)
    {
        int first = messages[0].Role == MessageRole.System ? 1 : 0;
        if (!messages.Exists(message => message.Role == MessageRole.User) && !Can(ConversationCase.NoUser))
        {
            if (messages.Count == first)
            {
                messages[0] = Message.User(messages[0].Content);
            }
            else
            {
                messages.Insert(first, Message.User(""));
            }
        }
        else if (first < messages.Count && messages[first].Role == MessageRole.Assistant && !Can(ConversationCase.AssistantFirst))
        {
            messages.Insert(first, Message.User(""));
        }
    }

    private void Join(List<Message> messages, MessageRole role, ConversationCase succession)
    {
        for (int i = 1; i < messages.Count; i++)
        {
            // A call belongs to the message before it, but not what comes after a call.
            if (messages[i].Role == role && messages[i - 1].Role == role && messages[i - 1].ToolCalls.Count == 0 && !Can(succession))
            {
                messages[i - 1] = messages[i - 1].Append(messages[i]);
                messages.RemoveAt(i--);
            }
        }
    }

    private static List<Message> CallByCall(List<Message> messages)
    {
        var fitted = new List<Message>();
        for (int i = 0; i < messages.Count; i++)
        {
            if (messages[i].ToolCalls.Count <= 1)
            {
                fitted.Add(messages[i]);
                continue;
            }

            Message message = messages[i];
            List<Message> results = [.. messages.Skip(i + 1).TakeWhile(next => next.Role == MessageRole.Tool)];
            foreach (ToolCall call in message.ToolCalls)
            {
                fitted.Add(message.WithCalls([call], null));
                message = Message.Assistant("");
                if (results.Find(result => result.ToolCallId == call.Id) is { } result)
                {
                    results.Remove(result);
                    fitted.Add(result);
                    i++;
                }
            }
        }

        return fitted;
    }

    // The last message may well have calls without results: nothing follows that could need them.
    private static void AddMissingResults(List<Message> messages)
    {
        for (int i = messages.Count - 2; i >= 0; i--)
        {
            int next = i + 1;
            foreach (ToolCall call in messages[i].ToolCalls)
            {
                if (next < messages.Count && messages[next] is { Role: MessageRole.Tool } result && result.ToolCallId == call.Id)
                {
                    next++;
                }
                else
                {
                    messages.Insert(next++, new Message(MessageRole.Tool, NoResult) { ToolCallId = call.Id });
                }
            }
        }
    }

    // Some templates let the user and the assistant take turns, whatever tools are called in between.
    private void AnswerResults(List<Message> messages)
    {
        int question = messages.FindIndex(message => message.Role == MessageRole.User);
        for (int i = messages.Count - 1; i > question; i--)
        {
            if (messages[i].Role == MessageRole.User && messages[i - 1].Role == MessageRole.Tool && !Can(ConversationCase.UserAfterResult))
            {
                messages.Insert(i, Message.Assistant(""));
            }
        }
    }

    private static bool IsWithoutCall(List<Message> messages, int index)
    {
        Message result = messages[index];
        if (result.Role != MessageRole.Tool)
        {
            return false;
        }

        int call = messages.FindLastIndex(index, message => message.Role != MessageRole.Tool);
        return call < 0
            || messages[call].ToolCalls.Count(made => made.Id == result.ToolCallId)
                <= messages.Skip(call + 1).Take(index - call - 1).Count(earlier => earlier.ToolCallId == result.ToolCallId);
    }

    private static Message WithShortIds(Message message) => message.ToolCallId is null && message.ToolCalls.Count == 0
        ? message
        : message.WithCalls(
            [.. message.ToolCalls.Select(call => new ToolCall(Shorten(call.Id), call.Name, call.Arguments))],
            message.ToolCallId is { } id ? Shorten(id) : null);

    // Nine letters and digits, see ToolCall.NewId.
    private static string Shorten(string id) => id.Length == ShortIdLength && id.All(char.IsAsciiLetterOrDigit)
        ? id
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)))[..ShortIdLength];

    private bool Can(ConversationCase example) => probe.CanShow(template, example, cancellationToken);
}

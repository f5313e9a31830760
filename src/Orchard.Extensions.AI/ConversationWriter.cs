using System.Text;
using Microsoft.Extensions.AI;

namespace Orchard.Extensions.AI;

/// <summary>
/// Writes the messages of one conversation. A message can hold text, calls and results in any order; in a conversation, calls belong to the
/// assistant, and each result is a message. Not thread-safe.
/// </summary>
/// <param name="all">All messages of the conversation.</param>
/// <param name="names">Names of functions for the model.</param>
internal sealed class ConversationWriter(ChatMessage[] all, ToolNames names)
{
    private readonly HashSet<string?> _called = [.. Contents(all).OfType<FunctionCallContent>().Select(call => call.CallId)];
    private readonly HashSet<string?> _answered = [.. Contents(all).OfType<FunctionResultContent>().Select(result => result.CallId)];
    private readonly List<Message> _messages = [];
    private readonly List<ContentPart> _parts = []; // what comes before _text
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _reasoning = new();
    private readonly List<ToolCall> _calls = [];
    private bool _endsWithContentOfItsOwn;
    private int? _result; // index of the last result of the message that is being written

    public static MessageRole RoleOf(ChatRole role) => role.Value.ToLowerInvariant() switch
    {
        "system" or "developer" or "instructions" => MessageRole.System,
        "assistant" or "model" or "ai" or "bot" => MessageRole.Assistant,
        "tool" or "function" => MessageRole.Tool,
        _ => MessageRole.User, // somebody whom the model listens to
    };

    /// <summary>Adds a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="isHistory">Whether the model has answered it, so that it may not see all of it.</param>
    public void Add(ChatMessage message, bool isHistory = false)
    {
        MessageRole role = RoleOf(message.Role);
        _result = null;
        foreach (AIContent? content in message.Contents)
        {
            switch (content)
            {
                case null:
                    break;
                case TextReasoningContent reasoning:
                    _reasoning.Append(role == MessageRole.Assistant ? reasoning.Text : "");
                    break;
                case FunctionCallContent call:
                    AddCall(ToolMapping.ToCall(call, names), role);
                    break;
                case McpServerToolCallContent call:
                    AddCall(ToolMapping.ToCall(new FunctionCallContent(call.CallId, call.Name, call.Arguments), names), role);
                    break;
                case FunctionResultContent result:
                    AddResult(result.CallId, ToolResultContent.Of(result), role);
                    break;
                case McpServerToolResultContent result:
                    AddResult(result.CallId, ToolResultContent.Join(result.Outputs ?? []), role);
                    break;
                case ToolApprovalRequestContent { ToolCall: FunctionCallContent call } when _called.Add(call.CallId):
                    AddCall(ToolMapping.ToCall(call, names), MessageRole.Assistant);
                    break;
                case ToolApprovalResponseContent { Approved: false, ToolCall: { } call } response when _answered.Add(call.CallId):
                    AddResult(call.CallId, [new TextPart($"The user rejected this call. {response.Reason}".TrimEnd())], role);
                    break;
                case var _ when MediaOf(content, role, isHistory) is { } media:
                    EndText();
                    _parts.Add(media);
                    break;
                default:
                    AddText(content);
                    break;
            }
        }

        End(role);
    }

    public IReadOnlyList<Message> ToMessages()
    {
        // An empty question is still one, and a conversation needs a message.
        if (all is [.., { Text: "", Contents.Count: > 0 } last]
            && RoleOf(last.Role) == MessageRole.User
            && last.Contents.All(static content => content is TextContent))
        {
            _messages.Add(Message.User(""));
        }

        return _messages.Count == 0 && all.Length > 0 ? [new Message(RoleOf(all[^1].Role), "")] : _messages;
    }

    private static IEnumerable<AIContent> Contents(ChatMessage[] messages) => messages.SelectMany(message => message.Contents);

    // Text of a stream comes in pieces; anything else stands on lines of its own.
    private void AddText(AIContent content)
    {
        if (ContentText.Of(content) is not { Length: > 0 } text)
        {
            return;
        }

        bool isPiece = content is TextContent;
        _text.Append(_text.Length > 0 && (!isPiece || _endsWithContentOfItsOwn) ? "\n" : "").Append(text);
        _endsWithContentOfItsOwn = !isPiece;
    }

    // The user decides which files are read, and what the model has to see.
    private static MediaPart? MediaOf(AIContent content, MessageRole role, bool isHistory) => MediaMapping.Of(
        content, isRequired: role == MessageRole.User && !isHistory, readsFiles: role == MessageRole.User);

    private void EndText()
    {
        if (_text.Length > 0)
        {
            _parts.Add(new TextPart(_text.ToString()));
            _text.Clear();
        }

        _endsWithContentOfItsOwn = false;
    }

    private void AddCall(ToolCall call, MessageRole role)
    {
        if (role != MessageRole.Assistant)
        {
            End(role);
        }

        _calls.Add(call);
    }

    private void AddResult(string? callId, IReadOnlyList<ContentPart> content, MessageRole role)
    {
        End(role);
        _messages.Add(new Message(MessageRole.Tool, content) { ToolCallId = callId });
        _result = _messages.Count - 1;
    }

    private void End(MessageRole role)
    {
        EndText();
        if (role == MessageRole.Tool && _calls.Count == 0 && _parts.Count > 0 && _result is { } index)
        {
            // What a tool gives besides its results.
            Message result = _messages[index];
            _messages[index] = new Message(MessageRole.Tool, [.. result.Content, new TextPart("\n"), .. _parts])
            {
                ToolCallId = result.ToolCallId,
            };
        }
        else if (_parts.Count > 0 || _calls.Count > 0 || _reasoning.Length > 0)
        {
            _messages.Add(new Message(_calls.Count > 0 ? MessageRole.Assistant : role, [.. _parts])
            {
                ToolCalls = [.. _calls],
                Reasoning = _reasoning.Length > 0 ? _reasoning.ToString() : null,
            });
        }

        _parts.Clear();
        _reasoning.Clear();
        _calls.Clear();
    }
}

using System.Text;
using Orchard.Calls.Chat;
using Orchard.Responses;
using Orchard.Validation;

namespace Orchard.Calls.Responses;

/// <summary>Converts the items of one request to the messages of a chat. Not thread-safe.</summary>
internal sealed class ResponseInput
{
    private readonly ResponseRequest _request;
    private readonly List<Message> _messages = [];
    private readonly StringBuilder _system = new();
    private Turn? _turn;

    private ResponseInput(ResponseRequest request) => _request = request;

    /// <exception cref="ArgumentException">
    /// An item is invalid. The message contains the index of the item.
    /// </exception>
    public static IReadOnlyList<Message> ToMessages(ResponseRequest request) => new ResponseInput(request).Convert();

    private List<Message> Convert()
    {
        if (_request.Instructions is { } instructions)
        {
            RequireText(instructions, nameof(ResponseRequest.Instructions), "The text of Instructions");
            _system.Append(instructions);
        }

        for (int i = 0; i < _request.Input.Count; i++)
        {
            Add(_request.Input[i], i);
        }

        EndTurn();
        EndSystem();
        return _messages;
    }

    private void Add(ResponseItem? item, int index)
    {
        switch (item)
        {
            case MessageItem { Role: MessageRole.Assistant } message:
                RequireText(message.Text, index, "text");
                RequireTextOnly(message, index);
                CurrentTurn().Text.Append(message.Text);
                break;
            case ReasoningItem reasoning:
                RequireText(reasoning.Text, index, "text");
                CurrentTurn().Reasoning.Append(reasoning.Text);
                break;
            case FunctionCallItem call:
                Require(
                    call is { CallId: not null, Name: not null, Arguments: not null },
                    $"Input item {index} is a tool call with a null id, name or arguments.");
                CurrentTurn().Calls.Add(call.ToToolCall());
                break;
            case FunctionCallOutputItem output:
                Add(output, index);
                break;
            case MessageItem message:
                Add(message, index);
                break;
            default:
                throw Refuse($"Input item {index} is null.");
        }
    }

    private void Add(MessageItem message, int index)
    {
        RequireText(message.Text, index, "text");
        Require(
            message.Role is MessageRole.System or MessageRole.User,
            $"Input item {index} is a message of the role '{message.Role}'. "
            + "Use System, User or Assistant; the output of a tool is a FunctionCallOutputItem.");
        if (message.Role == MessageRole.System && _messages.Count == 0 && _turn is null)
        {
            RequireTextOnly(message, index);
            _system.Append(_system.Length > 0 ? "\n\n" : "").Append(message.Text);
            return;
        }

        EndTurn();
        EndSystem();
        _messages.Add(new Message(message.Role, message.Content));
    }

    private void Add(FunctionCallOutputItem output, int index)
    {
        RequireText(output.Output, index, "output");
        EndTurn();
        _messages.Add(new Message(MessageRole.Tool, output.Content) { ToolCallId = output.CallId });
    }

    // The model's turn: its text, reasoning and calls up to the next item from another role.
    private Turn CurrentTurn()
    {
        if (_turn is null)
        {
            EndSystem();
        }

        return _turn ??= new Turn();
    }

    private void EndTurn()
    {
        if (_turn is { } turn)
        {
            _turn = null;
            _messages.Add(turn.ToMessage());
        }
    }

    private void EndSystem()
    {
        if (_system.Length > 0)
        {
            _messages.Insert(0, Message.System(_system.ToString()));
            _system.Clear();
        }
    }

    private static void RequireTextOnly(MessageItem message, int index) => Require(
        !message.Content.Any(static part => part is MediaPart),
        $"Input item {index} is a message of the role '{message.Role}' with an image or sound. Send it in a message of the user.");

    private static void RequireText(string? text, int index, string what) =>
        RequireText(text, nameof(ResponseRequest.Input), $"The {what} of input item {index}");

    private static void RequireText(string? text, string name, string what)
    {
        if (text is null)
        {
            throw new ArgumentException($"{what} is null.", name);
        }
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw Refuse(message);
        }
    }

    private static ArgumentException Refuse(string message) => OptionRange.Refuse(nameof(ResponseRequest.Input), message);

    private sealed class Turn
    {
        public StringBuilder Text { get; } = new();

        public StringBuilder Reasoning { get; } = new();

        public List<ToolCall> Calls { get; } = [];

        public Message ToMessage() => new(MessageRole.Assistant, Text.ToString())
        {
            ToolCalls = Calls,
            Reasoning = Reasoning.Length > 0 ? Reasoning.ToString() : null,
        };
    }
}

using System.Text;
using Orchard.Responses;
using Orchard.Validation;

namespace Orchard.Calls.Responses;

/// <summary>Turns the items of a request into the messages of a chat. One request each; not thread-safe.</summary>
internal sealed class ResponseInput
{
    private readonly ResponseRequest _request;
    private readonly List<Message> _messages = [];
    private readonly StringBuilder _system = new();
    private readonly Dictionary<string, int> _open = new(StringComparer.Ordinal); // calls without an output, and their items
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private Turn? _turn;

    private ResponseInput(ResponseRequest request) => _request = request;

    /// <exception cref="ArgumentException">An item cannot be sent, or a call and its output do not match. The message names the item by its index.</exception>
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
        RequireOutputs(_request.Input.Count);
        return _messages;
    }

    private void Add(ResponseItem? item, int index)
    {
        switch (item)
        {
            case MessageItem { Role: MessageRole.Assistant } message:
                RequireText(message.Text, index, "text");
                TurnAt(index).Text.Append(message.Text);
                break;
            case ReasoningItem reasoning:
                RequireText(reasoning.Text, index, "text");
                TurnAt(index).Reasoning.Append(reasoning.Text);
                break;
            case FunctionCallItem call:
                CheckCall(call, index);
                TurnAt(index).Calls.Add(call.ToToolCall());
                _open.Add(call.CallId, index);
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
            $"Input item {index} is a message of the role '{message.Role}'. Use System, User or Assistant; what a tool gave is a FunctionCallOutputItem.");
        if (message.Role == MessageRole.System && _messages.Count == 0 && _turn is null)
        {
            _system.Append(_system.Length > 0 ? "\n\n" : "").Append(message.Text);
            return;
        }

        EndTurn();
        RequireOutputs(index);
        EndSystem();
        _messages.Add(new Message(message.Role, message.Text));
    }

    private void Add(FunctionCallOutputItem output, int index)
    {
        RequireText(output.Output, index, "output");
        Require(
            output.CallId is not null && _open.Remove(output.CallId),
            $"Input item {index} is the output of the call '{output.CallId}', but no such call waits for one: {(_open.Count == 0 ? "none does" : string.Join(", ", _open.Keys))}.");
        EndTurn();
        _messages.Add(Message.Tool(output.CallId!, output.Output));
    }

    private void CheckCall(FunctionCallItem call, int index)
    {
        RequireText(call.CallId, index, "call id");
        RequireText(call.Arguments, index, "arguments");
        Require(call.CallId.Length > 0, $"Input item {index} is a call without an id.");
        Require(_seen.Add(call.CallId), $"Input item {index} is a call with the id '{call.CallId}', which an earlier call has already.");
        IReadOnlyList<Tool>? tools = _request.Options.Tools;
        Require(
            !string.IsNullOrEmpty(call.Name) && (tools is null or [] || tools.Any(tool => tool?.Name == call.Name)),
            $"Input item {index} is a call of the tool '{call.Name}', which is not among the Tools: {string.Join(", ", tools?.Take(20).Select(tool => tool?.Name) ?? [])}.");
    }

    // What the model said, thought and called, until somebody else is heard.
    private Turn TurnAt(int index)
    {
        if (_turn is null)
        {
            RequireOutputs(index);
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

    private void RequireOutputs(int next)
    {
        if (_open.Count > 0)
        {
            (string id, int index) = _open.MinBy(call => call.Value);
            string where = next < _request.Input.Count ? $"before item {next}" : "after it";
            throw Refuse($"Input item {index} is the call '{id}', but there is no output of it {where}. Add a FunctionCallOutputItem.");
        }
    }

    private static void RequireText(string? text, int index, string what) => RequireText(text, nameof(ResponseRequest.Input), $"The {what} of input item {index}");

    private static void RequireText(string? text, string name, string what)
    {
        if (text is null || !Utf16.IsWellFormed(text))
        {
            throw new ArgumentException($"{what} is null, or has an unpaired surrogate, which has no UTF-8 form and cannot be sent.", name);
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

        public Message ToMessage() => Message.Assistant(Text.ToString(), Calls) with { Reasoning = Reasoning.Length > 0 ? Reasoning.ToString() : null };
    }
}

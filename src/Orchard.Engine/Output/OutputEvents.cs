using System.Text;
using Orchard.Grammars.Json;
using Orchard.Protocol.Messages;

namespace Orchard.Engine.Output;

/// <summary>Collects the items of one sequence's output as <c>state_events</c>. Not thread-safe.</summary>
internal sealed class OutputEvents : IOutputItems
{
    private const string Reasonings = "reasoning";
    private const string ArgumentsOf = "arguments";

    private readonly List<StateEvent> _events = [];
    private readonly StringBuilder _piece = new(); // of the item under way, since the last events were taken
    private readonly StringBuilder _item = new(); // all of the item under way
    private readonly StringBuilder _content = new();
    private OutputItemType _type = OutputItemType.Unknown; // of the item under way; unknown between items
    private string _callee = "";
    private int _index = -1;

    public void Text(ReadOnlySpan<char> piece)
    {
        if (!piece.IsEmpty)
        {
            Continue(OutputItemType.Message, StateEvent.MessageIdentifier);
            Add(piece);
            _content.Append(piece);
        }
    }

    public void Reasoning(ReadOnlySpan<char> piece)
    {
        if (!piece.IsEmpty)
        {
            Continue(OutputItemType.Reasoning, Reasonings);
            Add(piece);
        }
    }

    public void BeginCall(string name)
    {
        EndItem();
        _callee = name;
        Continue(OutputItemType.ToolCall, Header);
    }

    public void Arguments(ReadOnlySpan<char> piece) => Add(piece);

    public void EndCall() => EndItem();

    /// <summary>Takes what has come since the last time.</summary>
    /// <param name="isFinal">Whether nothing will follow: an item that is not over ends, but for a call, which was cut short.</param>
    /// <param name="content">The pieces of the message among it.</param>
    public StateEvent[]? Take(bool isFinal, out string content)
    {
        if (isFinal)
        {
            FlushPiece();
            if (_type is OutputItemType.Message or OutputItemType.Reasoning)
            {
                EndItem();
            }
        }

        FlushPiece();
        content = _content.ToString();
        _content.Clear();
        StateEvent[]? events = _events.Count == 0 ? null : [.. _events];
        _events.Clear();
        return events;
    }

    private string Header => $"tool_call:{_callee}";

    private string Identifier => _type switch
    {
        OutputItemType.Message => StateEvent.MessageIdentifier,
        OutputItemType.Reasoning => Reasonings,
        _ => ArgumentsOf,
    };

    private void Continue(OutputItemType type, string identifier)
    {
        if (_type != type)
        {
            EndItem();
            _type = type;
            _index++;
            _events.Add(new StateEvent(StateEventType.ItemStarted, type, _index, identifier));
        }
    }

    private void Add(ReadOnlySpan<char> piece)
    {
        _piece.Append(piece);
        _item.Append(piece);
    }

    private void FlushPiece()
    {
        if (_piece.Length > 0)
        {
            _events.Add(new StateEvent(StateEventType.ContentDelta, _type, _index, Identifier, Delta: _piece.ToString()));
            _piece.Clear();
        }
    }

    private void EndItem()
    {
        if (_type == OutputItemType.Unknown)
        {
            return;
        }

        FlushPiece();
        string text = _item.ToString();
        _events.Add(_type == OutputItemType.ToolCall
            ? new StateEvent(StateEventType.ItemCompleted, _type, _index, Header, Value: CallValue(text))
            : new StateEvent(StateEventType.ItemCompleted, _type, _index, Identifier, Value: text));
        _item.Clear();
        _type = OutputItemType.Unknown;
    }

    // Arguments that are no JSON come as a string: whoever reads them sees what the model wrote.
    private string CallValue(string arguments)
    {
        string json = arguments.Length == 0 ? "{}" : JsonText.IsValue(arguments) ? arguments : JsonGrammar.Quote(arguments);
        return $"{{\"name\": {JsonGrammar.Quote(_callee)}, \"arguments\": {json}}}";
    }
}

using System.Text;
using Orchard.Engine.Output.Scanning;
using Orchard.Grammars.Json;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Deltas;

namespace Orchard.Engine.Output.Items;

/// <summary>Converts the items of one sequence's output to state events. Not thread-safe.</summary>
/// <param name="omitsValues">Whether completed items come without their complete value.</param>
internal sealed class OutputEvents(bool omitsValues) : IOutputItems
{
    private const string ReasoningIdentifier = "reasoning";
    private const string ArgumentsIdentifier = "arguments";

    private readonly List<StateEvent> _events = [];
    private readonly StringBuilder _piece = new(); // of the current item, since the last Take
    private readonly StringBuilder _item = new(); // the whole current item, unless values are omitted
    private readonly StringBuilder _content = new();
    private OutputItemType _type = OutputItemType.Unknown; // of the current item; unknown between items
    private string _tool = "";
    private int _index = -1;

    private string CallIdentifier => $"tool_call:{_tool}";

    private string Identifier => _type switch
    {
        OutputItemType.Message => StateEvent.MessageIdentifier,
        OutputItemType.Reasoning => ReasoningIdentifier,
        _ => ArgumentsIdentifier,
    };

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
            Continue(OutputItemType.Reasoning, ReasoningIdentifier);
            Add(piece);
        }
    }

    public void BeginCall(string name)
    {
        EndItem();
        _tool = name;
        Continue(OutputItemType.ToolCall, CallIdentifier);
    }

    public void Arguments(ReadOnlySpan<char> piece) => Add(piece);

    public void EndCall() => EndItem();

    /// <summary>Returns the events since the last call, or null if there are none.</summary>
    /// <param name="isFinal">Whether the output has ended. Ends an open item, but not a call, which is cut off.</param>
    /// <param name="content">The message text in these events.</param>
    public StateEvent[]? Take(bool isFinal, out string content)
    {
        if (isFinal && _type is OutputItemType.Message or OutputItemType.Reasoning)
        {
            EndItem();
        }

        FlushPiece();
        content = _content.ToString();
        _content.Clear();
        StateEvent[]? events = _events.Count == 0 ? null : [.. _events];
        _events.Clear();
        return events;
    }

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
        if (!omitsValues)
        {
            _item.Append(piece);
        }
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
        string identifier = _type == OutputItemType.ToolCall ? CallIdentifier : Identifier;
        _events.Add(new StateEvent(StateEventType.ItemCompleted, _type, _index, identifier, Value: omitsValues ? null : TakeValue()));
        _type = OutputItemType.Unknown;
    }

    private string TakeValue()
    {
        string text = _item.ToString();
        _item.Clear();
        return _type == OutputItemType.ToolCall ? CallValue(text) : text;
    }

    // Invalid arguments are sent as a JSON string, so that the client sees what the model wrote.
    private string CallValue(string arguments)
    {
        string json = arguments.Length == 0 ? "{}" : JsonText.IsValue(arguments) ? arguments : JsonGrammar.Quote(arguments);
        return $"{{\"name\": {JsonGrammar.Quote(_tool)}, \"arguments\": {json}}}";
    }
}

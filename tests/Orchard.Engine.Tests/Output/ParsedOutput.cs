using System.Text;
using System.Text.Json;
using Orchard.Engine.Output;
using Orchard.Engine.Output.Calls;
using Orchard.Engine.Output.Items;
using Orchard.Protocol.Messages.Deltas;

namespace Orchard.Engine.Tests.Output;

/// <summary>The items that a parser found: <c>text(…) reasoning(…) name({…}) name({… </c>. The last call is cut off.</summary>
internal sealed class ParsedOutput : IOutputItems
{
    private readonly StringBuilder _items = new();
    private string _kind = "";
    private int _argumentsAt;
    private Action<string, string>? _onCall;

    public static ToolSet Tools { get; } = ToolSet.Parse(
        """
        [{"type": "function", "function": {"name": "get_weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}},
         {"name": "add", "parameters": {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}}}]
        """);

    /// <summary>Parses a text in pieces of a length.</summary>
    public static string Of(OutputSyntax syntax, string text, int length)
    {
        var items = new ParsedOutput();
        OutputParser parser = OutputParsers.Create(syntax, items);
        for (int at = 0; at < text.Length; at += length)
        {
            parser.Append(text.AsSpan(at, Math.Min(length, text.Length - at)));
        }

        parser.Complete();
        items.End();
        return items._items.ToString();
    }

    /// <summary>Parses a text in two pieces and reads the result from state events, as a PIE-compatible client does.</summary>
    public static string FromEvents(OutputSyntax syntax, string text, int cut)
    {
        var reader = new OutputReader(syntax, omitsValues: false);
        var items = new ParsedOutput();
        OutputPiece[] pieces = [reader.Read(text[..cut], tokens: 1, isFinal: false), reader.Read(text[cut..], tokens: 1, isFinal: true)];
        foreach (StateEvent step in pieces.SelectMany(piece => piece.Events ?? []))
        {
            items.Take(step);
        }

        items.End();
        return items._items.ToString();
    }

    /// <summary>The calls of a text, with their arguments as JSON.</summary>
    public static IReadOnlyList<(string Name, JsonElement Arguments)> CallsIn(OutputSyntax syntax, string text)
    {
        var calls = new List<(string, JsonElement)>();
        var items = new ParsedOutput { _onCall = (name, arguments) => calls.Add((name, JsonElement.Parse(arguments))) };
        OutputParser parser = OutputParsers.Create(syntax, items);
        parser.Append(text);
        parser.Complete();
        return calls;
    }

    public void Text(ReadOnlySpan<char> piece) => Add("text", piece);

    public void Reasoning(ReadOnlySpan<char> piece) => Add("reasoning", piece);

    public void BeginCall(string name)
    {
        End();
        _items.Append(_items.Length > 0 ? " " : "").Append(name).Append('(');
        _argumentsAt = _items.Length;
        _kind = name;
    }

    public void Arguments(ReadOnlySpan<char> piece) => _items.Append(piece);

    public void EndCall()
    {
        _onCall?.Invoke(_kind, _items.ToString(_argumentsAt, _items.Length - _argumentsAt));
        _items.Append(')');
        _kind = "";
    }

    private void Add(string kind, ReadOnlySpan<char> piece)
    {
        if (piece.IsEmpty)
        {
            return;
        }

        if (_kind != kind)
        {
            End();
            _items.Append(_items.Length > 0 ? " " : "").Append(kind).Append('(');
            _kind = kind;
        }

        _items.Append(piece);
    }

    private void End()
    {
        if (_kind is "text" or "reasoning")
        {
            _items.Append(')');
        }

        _kind = "";
    }

    private void Take(StateEvent step)
    {
        switch (step)
        {
            case { Type: StateEventType.ItemStarted, ItemType: OutputItemType.ToolCall }:
                BeginCall(step.Identifier["tool_call:".Length..]);
                break;
            case { Type: StateEventType.ItemCompleted, ItemType: OutputItemType.ToolCall }:
                EndCall();
                break;
            case { Type: StateEventType.ContentDelta, ItemType: OutputItemType.ToolCall }:
                Arguments(step.Delta);
                break;
            case { Type: StateEventType.ContentDelta, ItemType: OutputItemType.Reasoning }:
                Reasoning(step.Delta);
                break;
            case { Type: StateEventType.ContentDelta }:
                Text(step.Delta);
                break;
        }
    }
}

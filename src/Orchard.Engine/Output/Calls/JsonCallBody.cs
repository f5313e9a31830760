using System.Text;
using Orchard.Engine.Output.Items;
using Orchard.Engine.Output.Scanning;
using Orchard.Grammars.Automata;
using Orchard.Grammars.Json;
using Orchard.Grammars.Nodes;
using Orchard.Grammars.Schemas.Compilation;

namespace Orchard.Engine.Output.Calls;

/// <summary>
/// A call as an object: <c>{"name": …, "arguments": {…}}</c> with the keys in any order. Some models write <c>parameters</c>.
/// </summary>
/// <param name="tools">The available tools.</param>
/// <param name="items">Receives the call.</param>
/// <param name="nameKey">Another key of the name than <c>name</c>.</param>
/// <param name="argumentsKey">Another key of the arguments.</param>
internal sealed class JsonCallBody(ToolSet tools, IOutputItems items, string nameKey = "name", string argumentsKey = "arguments") : CallBody
{
    private readonly StringBuilder _token = new();
    private readonly StringBuilder _arguments = new(); // held back until the name is complete
    private State _state;
    private JsonExtent _extent;
    private bool _isContainer;
    private string? _key;
    private int _length;

    private enum State
    {
        Before,
        Key,
        KeyText,
        Colon,
        Value,
        ValueText,
        Next,
    }

    /// <summary>Returns the grammar of calls of a tool, with the name first.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="key">The key of the arguments.</param>
    public static GrammarNode Texts(ToolSchema tool, string key) => GrammarNode.Sequence(
        GrammarNode.Literal("{\"name\":"),
        JsonGrammar.Space,
        JsonGrammar.String(tool.Name),
        JsonGrammar.Comma,
        JsonGrammar.String(key),
        GrammarNode.Literal(":"),
        JsonGrammar.Space,
        tool.ArgumentTexts(),
        GrammarNode.Literal("}"));

    /// <summary>Returns the prefixes that distinguish such calls from other JSON.</summary>
    public static IEnumerable<string> Prefixes(ToolSchema tool) =>
        [$"{{\"name\":{JsonGrammar.Quote(tool.Name)}", $"{{\"name\": {JsonGrammar.Quote(tool.Name)}"];

    private bool IsArguments => _key is "arguments" or "parameters" || _key == argumentsKey;

    public override CallProgress Read(char character)
    {
        if (!HasBegun && ++_length > MaxBeforeName)
        {
            return CallProgress.Stop;
        }

        switch (_state)
        {
            case State.Before:
                _state = State.Key;
                return character == '{' ? CallProgress.More : CallProgress.Stop;

            case State.KeyText:
                _token.Append(character);
                return _extent.Read(character) ? EndKey() : CallProgress.More;

            case State.ValueText:
                return ReadValue(character);

            case var _ when char.IsWhiteSpace(character):
                return CallProgress.More;

            case State.Key when character == '"':
                Start(character);
                _state = State.KeyText;
                return CallProgress.More;

            case State.Colon when character == ':':
                _state = State.Value;
                return CallProgress.More;

            case State.Value:
                Start(character);
                _state = State.ValueText;
                _isContainer = character is '{' or '[';
                Stream(character);
                return CallProgress.More;

            case State.Next when character == ',':
                _state = State.Key;
                return CallProgress.More;

            case State.Next when character == '}':
                return End();

            default:
                return Break();
        }
    }

    private void Start(char character)
    {
        _token.Clear().Append(character);
        _extent = default;
        _extent.Read(character);
    }

    private CallProgress EndKey()
    {
        _key = JsonText.Unquote(_token.ToString());
        _state = State.Colon;
        return _key is null ? Break() : CallProgress.More;
    }

    private CallProgress ReadValue(char character)
    {
        bool isPlain = !_isContainer && _token[0] != '"';
        if (isPlain && character is ',' or '}' || isPlain && char.IsWhiteSpace(character))
        {
            _state = State.Next;
            CallProgress ended = EndValue();
            return ended == CallProgress.More && !char.IsWhiteSpace(character) ? Read(character) : ended;
        }

        _token.Append(character);
        Stream(character);
        if (isPlain || !_extent.Read(character))
        {
            return CallProgress.More;
        }

        _state = State.Next;
        return EndValue();
    }

    // The pieces of an object are forwarded immediately. Some models write the arguments as a string that contains JSON; that string is
    // complete and unquoted first.
    private void Stream(char character)
    {
        if (!IsArguments || !_isContainer)
        {
            return;
        }

        if (HasBegun)
        {
            items.Arguments([character]);
        }
        else
        {
            _arguments.Append(character);
        }
    }

    private CallProgress EndValue()
    {
        string value = _token.ToString();
        if ((_key == "name" || _key == nameKey) && !HasBegun)
        {
            if (JsonText.Unquote(value) is not { } name || !tools.TryGet(name, out _))
            {
                return CallProgress.Stop;
            }

            HasBegun = true;
            items.BeginCall(name);
            items.Arguments(_arguments.ToString());
        }
        else if (IsArguments && !_isContainer)
        {
            string text = JsonText.Unquote(value) ?? value;
            if (HasBegun)
            {
                items.Arguments(text);
            }
            else
            {
                _arguments.Append(text);
            }
        }

        return CallProgress.More;
    }

    private CallProgress End()
    {
        if (!HasBegun)
        {
            return CallProgress.Stop;
        }

        items.EndCall();
        return CallProgress.Done;
    }

    // A call that has begun ends with invalid arguments, which the client detects.
    private CallProgress Break()
    {
        if (HasBegun)
        {
            items.EndCall();
        }

        return CallProgress.Stop;
    }
}

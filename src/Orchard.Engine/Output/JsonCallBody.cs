using System.Text;
using Orchard.Grammars.Automata;
using Orchard.Grammars.Json;
using Orchard.Grammars.Nodes;
using Orchard.Grammars.Schemas.Compilation;

namespace Orchard.Engine.Output;

/// <summary>A call as an object: <c>{"name": …, "arguments": {…}}</c>, with the keys in any order; some models say <c>parameters</c>.</summary>
internal sealed class JsonCallBody(ToolSet tools, IOutputItems items) : CallBody
{
    private readonly StringBuilder _token = new();
    private readonly StringBuilder _arguments = new(); // held back until the name is known
    private Place _place;
    private JsonExtent _extent;
    private bool _isContainer;
    private string? _key;
    private int _length;

    private enum Place
    {
        Before,
        Key,
        KeyText,
        Colon,
        Value,
        ValueText,
        Next,
    }

    /// <summary>The calls of a tool, name first.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="key">What the arguments are called.</param>
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

    /// <summary>How they begin, up to where no other JSON does.</summary>
    public static IEnumerable<string> Beginnings(ToolSchema tool) =>
        [$"{{\"name\":{JsonGrammar.Quote(tool.Name)}", $"{{\"name\": {JsonGrammar.Quote(tool.Name)}"];

    private bool IsArguments => _key is "arguments" or "parameters";

    public override CallProgress Read(char character)
    {
        if (!HasBegun && ++_length > MaxBeforeName)
        {
            return CallProgress.Stop;
        }

        switch (_place)
        {
            case Place.Before:
                _place = Place.Key;
                return character == '{' ? CallProgress.More : CallProgress.Stop;

            case Place.KeyText:
                _token.Append(character);
                return _extent.Read(character) ? EndKey() : CallProgress.More;

            case Place.ValueText:
                return ReadValue(character);

            case var _ when char.IsWhiteSpace(character):
                return CallProgress.More;

            case Place.Key when character == '"':
                Start(character);
                _place = Place.KeyText;
                return CallProgress.More;

            case Place.Colon when character == ':':
                _place = Place.Value;
                return CallProgress.More;

            case Place.Value:
                Start(character);
                _place = Place.ValueText;
                _isContainer = character is '{' or '[';
                Stream(character);
                return CallProgress.More;

            case Place.Next when character == ',':
                _place = Place.Key;
                return CallProgress.More;

            case Place.Next when character == '}':
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
        _place = Place.Colon;
        return _key is null ? Break() : CallProgress.More;
    }

    private CallProgress ReadValue(char character)
    {
        bool isPlain = !_isContainer && _token[0] != '"';
        if (isPlain && character is ',' or '}' || isPlain && char.IsWhiteSpace(character))
        {
            _place = Place.Next;
            CallProgress ended = EndValue();
            return ended == CallProgress.More && !char.IsWhiteSpace(character) ? Read(character) : ended;
        }

        _token.Append(character);
        Stream(character);
        if (isPlain || !_extent.Read(character))
        {
            return CallProgress.More;
        }

        _place = Place.Next;
        return EndValue();
    }

    // Of an object the pieces go out as they come. Some models write the arguments as a string with JSON in it: that one is unpacked first.
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
        if (_key == "name" && !HasBegun)
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

    // A call that has begun ends as it is: whoever gets it sees that its arguments are none.
    private CallProgress Break()
    {
        if (HasBegun)
        {
            items.EndCall();
        }

        return CallProgress.Stop;
    }
}

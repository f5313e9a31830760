using System.Text;
using Orchard.Engine.Output.Items;
using Orchard.Engine.Output.Scanning;
using Orchard.Grammars.Json;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Output.Calls;

/// <summary>Arguments that are written one by one; see <see cref="ArgumentForm"/>. They come out as a JSON object.</summary>
internal sealed class SingleArguments : ArgumentsReader
{
    private const string CDataStart = "<![CDATA[";
    private const string CDataEnd = "]]>";

    private readonly ArgumentForm _form;
    private readonly ToolSchema _tool;
    private readonly IOutputItems _items;
    private readonly string _first;
    private readonly string _next;
    private readonly string _textStart;
    private readonly string _valueStart;
    private readonly StringBuilder _text = new();
    private LooseExtent? _extent;
    private State _state;
    private string _key = "";
    private string _valueEnd = "";
    private string _rawEnd = "";
    private string _rest = "";
    private bool _isText;
    private bool _hasArguments;

    public SingleArguments(ArgumentForm form, ToolSchema tool, IOutputItems items)
    {
        _form = form;
        _tool = tool;
        _items = items;
        _first = LooseText.Strip(form.BeforeKey);
        _next = LooseText.Strip(form.Separator + form.BeforeKey);
        _textStart = LooseText.Strip(form.TextStart);
        _valueStart = LooseText.Strip(form.ValueStart);
    }

    private enum State
    {
        Before,
        Key,
        Start,
        Raw,
        Value,
        ValueEnd,
    }

    public override string Rest => _state == State.Before ? _text.ToString() : _rest;

    private bool IsRaw => _form.Texts == ArgumentNotation.Raw;

    public override CallProgress Read(char character)
    {
        switch (_state)
        {
            case State.Before:
                return ReadBefore(character);
            case State.Key when _text.Length == 0 && _form.NameEnd.Length > 0 && !char.IsLetterOrDigit(character) && character != '_':
                _rest = _hasArguments ? _next : _first; // what begins arguments begins what follows them, too
                return CallProgress.Stop;
            case State.Key:
                if (character != _valueStart[0])
                {
                    _text.Append(character);
                    return CallProgress.More;
                }

                _key = _text.ToString().Trim().Trim('"', '\'');
                _valueEnd = LooseText.Strip(_form.ValueEndOf(_key));
                _rawEnd = _form.TextEndOf(_key).Trim();
                Go(State.Start);
                return ReadStart(character);
            case State.Start:
                return ReadStart(character);
            case State.Raw:
                _text.Append(character);
                if (EndsWith(_rawEnd) && (!StartsWith(CDataStart) || EndsWith(CDataEnd + _rawEnd)))
                {
                    EndRaw(_text.ToString(0, _text.Length - _rawEnd.Length));
                }

                return CallProgress.More;
            case State.Value:
                return ReadValue(character);
            default:
                if (char.IsWhiteSpace(character))
                {
                    return CallProgress.More;
                }

                if (_valueEnd[_text.Length] != character)
                {
                    return CallProgress.Stop;
                }

                _text.Append(character);
                if (_text.Length == _valueEnd.Length)
                {
                    Go(State.Before);
                }

                return CallProgress.More;
        }
    }

    public override void End(bool isComplete)
    {
        if (isComplete)
        {
            _items.Arguments(_hasArguments ? "}" : "{}");
        }
    }

    private CallProgress ReadBefore(char character)
    {
        if (char.IsWhiteSpace(character))
        {
            return CallProgress.More;
        }

        string expected = _hasArguments ? _next : _first;
        if (expected.Length == 0)
        {
            if (!char.IsLetterOrDigit(character) && character is not ('_' or '"' or '\''))
            {
                return CallProgress.Stop;
            }

            Go(State.Key);
            _text.Append(character);
            return CallProgress.More;
        }

        if (expected[_text.Length] != character)
        {
            return CallProgress.Stop;
        }

        _text.Append(character);
        if (_text.Length == expected.Length)
        {
            Go(State.Key);
        }

        return CallProgress.More;
    }

    private CallProgress ReadStart(char character)
    {
        if (char.IsWhiteSpace(character) && _text.Length == 0)
        {
            return CallProgress.More;
        }

        _text.Append(char.IsWhiteSpace(character) ? "" : character.ToString());
        string text = _text.ToString();
        if (IsRaw && text == _textStart)
        {
            _isText = true;
            Go(State.Raw);
        }
        else if (text == _valueStart)
        {
            _isText = false;
            Go(IsRaw ? State.Raw : State.Value);
            _extent = new LooseExtent(_form.Values == ArgumentNotation.Marked ? _form.Quote : "");
        }
        else if (!_textStart.StartsWith(text, StringComparison.Ordinal) && !_valueStart.StartsWith(text, StringComparison.Ordinal))
        {
            return CallProgress.Stop;
        }

        return CallProgress.More;
    }

    private CallProgress ReadValue(char character)
    {
        LooseExtent extent = _extent!;
        if (extent.Text.Length == 0 && char.IsWhiteSpace(character))
        {
            return CallProgress.More;
        }

        if (!extent.IsOutside || extent.MayBeMark(character) || !IsEnd(character))
        {
            extent.Read(character);
            return CallProgress.More;
        }

        string value = extent.Text.Trim();
        string quote = _form.Values == ArgumentNotation.Marked ? _form.Quote : "";
        Emit(LooseValue.ToJson(value, quote) is { } json ? _tool.Fit(_key, json) : _tool.ReadText(_key, value));
        Go(_valueEnd.Length > 0 ? State.ValueEnd : State.Before);
        return Read(character);
    }

    private bool IsEnd(char character) => _valueEnd.Length > 0
        ? character == _valueEnd[0]
        : character is ')' or '}' or ']' or '<' || (_next.Length > 0 && character == _next[0]);

    private void EndRaw(string value)
    {
        value = TrimStart(value, TrailingWhite(_form.TextStart));
        value = TrimEnd(value, LeadingWhite(_form.TextEnd));
        if (value.StartsWith(CDataStart, StringComparison.Ordinal) && value.EndsWith(CDataEnd, StringComparison.Ordinal))
        {
            value = value[CDataStart.Length..^CDataEnd.Length]; // as in XML, which has these marks for texts with marks in them
        }

        bool isTyped = _textStart != _valueStart;
        Emit(isTyped && _isText ? JsonGrammar.Quote(value)
            : isTyped && JsonText.IsValue(value) ? value.Trim()
            : ReadRaw(value));
        Go(State.Before);
    }

    // Some templates write lists, objects and booleans like Python; it is a string unless the schema says otherwise.
    private string ReadRaw(string value) =>
        _form.Values == ArgumentNotation.Elements && new ElementValue(_form).ToJson(value, _tool.SchemaOf(_key)) is { } elements ? elements
        : _tool.Parameters is not null && !JsonText.IsValue(value) && LooseValue.ToJson(value, "") is { } json
            && !json.StartsWith('"') && _tool.ReadText(_key, json) == json
            ? json
            : _tool.ReadText(_key, value);

    private void Emit(string json)
    {
        _items.Arguments($"{(_hasArguments ? ", " : "{")}{JsonGrammar.Quote(_key)}: {json}");
        _hasArguments = true;
    }

    private void Go(State state)
    {
        _text.Clear();
        _state = state;
    }

    private bool StartsWith(string start) => _text.Length >= start.Length && _text.ToString(0, start.Length) == start;

    private bool EndsWith(string end) =>
        _text.Length >= end.Length && _text[^1] == end[^1] && _text.ToString(_text.Length - end.Length, end.Length) == end;

    private static string TrimStart(string value, string white) =>
        white.Length > 0 && value.StartsWith(white, StringComparison.Ordinal) ? value[white.Length..] : value;

    private static string TrimEnd(string value, string white) =>
        white.Length > 0 && value.EndsWith(white, StringComparison.Ordinal) ? value[..^white.Length] : value;

    private static string TrailingWhite(string text) => text[text.TrimEnd().Length..];

    private static string LeadingWhite(string text) => text[..^text.TrimStart().Length];
}

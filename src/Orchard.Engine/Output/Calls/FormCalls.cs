using System.Text;
using Orchard.Engine.Output.Items;
using Orchard.Engine.Output.Scanning;

namespace Orchard.Engine.Output.Calls;

/// <summary>Parses calls in the form that a client has found: a section with calls, or one call if they stand alone.</summary>
/// <remarks>White space is not compared: models write more or less of it than their templates.</remarks>
internal sealed class FormCalls : CallReader
{
    private readonly FormSyntax _syntax;
    private readonly ToolSet _tools;
    private readonly IOutputItems _items;
    private readonly string _first;
    private readonly string _next;
    private readonly string _close;
    private readonly string _end;
    private readonly StringBuilder _literal = new();
    private CallBody? _body;
    private State _state;

    /// <param name="syntax">The form.</param>
    /// <param name="tools">The available tools.</param>
    /// <param name="items">Receives the calls.</param>
    /// <param name="isNext">Whether the text begins with what separates two calls.</param>
    public FormCalls(FormSyntax syntax, ToolSet tools, IOutputItems items, bool isNext)
    {
        _syntax = syntax;
        _tools = tools;
        _items = items;
        _first = LooseText.Strip(syntax.Form.SectionStart + syntax.Open);
        _next = LooseText.Strip(syntax.Form.Separator + syntax.Open);
        _close = LooseText.Strip(syntax.Close);
        _end = LooseText.Strip(syntax.Form.SectionEnd);
        _state = isNext ? State.Between : _first.Length > 0 ? State.First : State.Body;
    }

    private enum State
    {
        First,
        Body,
        Close,
        Between,
    }

    public override CallProgress Read(char character)
    {
        if (_state == State.Body)
        {
            return ReadBody(character);
        }

        if (char.IsWhiteSpace(character))
        {
            return Keep(character);
        }

        string text = _literal.Append(character).ToString();
        switch (_state)
        {
            case State.First:
                return Match(_first, text, character) ? Go(text, _first, State.Body) : CallProgress.Stop;
            case State.Close:
                if (!Match(_close, text, character))
                {
                    return CallProgress.Stop;
                }

                return text.Length < _close.Length ? CallProgress.More : AfterCall();
            default:
                return ReadBetween(text, character);
        }
    }

    private bool Match(string expected, string text, char character)
    {
        if (!expected.StartsWith(text, StringComparison.Ordinal))
        {
            return false;
        }

        Keep(character);
        return true;
    }

    private CallProgress Go(string text, string expected, State next)
    {
        if (text.Length == expected.Length)
        {
            _literal.Clear();
            _state = next;
        }

        return CallProgress.More;
    }

    private CallProgress ReadBetween(string text, char character)
    {
        if (_next.Length > 0 && Match(_next, text, character))
        {
            return Go(text, _next, State.Body);
        }

        if (_end.Length > 0 && Match(_end, text, character))
        {
            return text.Length == _end.Length ? CallProgress.Done : CallProgress.More;
        }

        if (_next.Length > 0)
        {
            return CallProgress.Stop;
        }

        // Nothing separates the calls, so what looked like the end of the section is the beginning of a call.
        Unread.Clear();
        _literal.Clear();
        _state = State.Body;
        CallProgress progress = CallProgress.More;
        for (int i = 0; i < text.Length && progress == CallProgress.More; i++)
        {
            progress = Read(text[i]);
        }

        return progress;
    }

    private CallProgress ReadBody(char character)
    {
        if (_body is null)
        {
            if (char.IsWhiteSpace(character))
            {
                return Keep(character);
            }

            _body = BodyOf(character);
        }

        CallProgress progress = Read(_body, character);
        if (progress != CallProgress.Done)
        {
            return progress;
        }

        bool isOwn = _body is FormCallBody;
        _body = null;
        _state = State.Close;
        return _close.Length > 0 && !isOwn ? CallProgress.More : AfterCall();
    }

    private CallProgress AfterCall()
    {
        _literal.Clear();
        _state = State.Between;
        return _syntax.IsAlone || _syntax.Form.IsSingle ? CallProgress.Done : CallProgress.More;
    }

    // Between marks, a model may write another form than its template shows: the first character tells them apart.
    private CallBody BodyOf(char first)
    {
        bool isMarked = _syntax.Open.Length > 0;
        if (_syntax.NameKey is { } name)
        {
            return first == '<' && isMarked
                ? new XmlCallBody(_tools, _items)
                : new JsonCallBody(_tools, _items, name, _syntax.ArgumentsKey!);
        }

        string expected = LooseText.Strip(_syntax.Body[0].Text);
        bool isOwn = expected.Length > 0 ? expected[0] == first : first is not ('{' or '<');
        return isOwn || !isMarked ? new FormCallBody(_syntax, _tools, _items)
            : first == '{' ? new JsonCallBody(_tools, _items)
            : first == '<' ? new XmlCallBody(_tools, _items)
            : new FormCallBody(_syntax, _tools, _items);
    }
}

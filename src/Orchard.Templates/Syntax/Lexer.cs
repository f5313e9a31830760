using System.Globalization;
using Orchard.Templates.Limits;
using Orchard.Templates.Python;

namespace Orchard.Templates.Syntax;

/// <summary>
/// Divides a template into tokens. As in Hugging Face, a block tag removes the line break after it and the indentation before it.
/// </summary>
internal sealed class Lexer
{
    private static readonly string[] LongOperators = ["//", "**", "==", "!=", ">=", "<="];

    private readonly string _source;
    private readonly List<Token> _tokens = [];
    private readonly Stack<char> _brackets = new();
    private int _position;
    private int _line = 1;
    private bool _atLineStart = true;

    private Lexer(string source) => _source = source;

    public static List<Token> Tokenize(string source)
    {
        // Jinja has no other line breaks; ReplaceLineEndings would replace more.
        string unix = source.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        var lexer = new Lexer(unix.EndsWith('\n') ? unix[..^1] : unix);
        lexer.ReadAll();
        return lexer._tokens;
    }

    private void ReadAll()
    {
        while (_position < _source.Length)
        {
            int tag = FindTag();
            if (tag < 0)
            {
                AddData(_source[_position..], _line);
                _position = _source.Length;
                break;
            }

            ReadTag(tag);
        }

        Add(TokenKind.End, string.Empty);
    }

    private int FindTag()
    {
        int at = _position;
        while ((at = _source.IndexOf('{', at)) >= 0 && at + 1 < _source.Length)
        {
            if (_source[at + 1] is '{' or '%' or '#')
            {
                return at;
            }

            at++;
        }

        return -1;
    }

    private void ReadTag(int tag)
    {
        char kind = _source[tag + 1];
        char sign = tag + 2 < _source.Length && _source[tag + 2] is '-' or '+' ? _source[tag + 2] : '\0';
        string text = _source[_position..tag];
        int textLine = _line;
        _line += text.AsSpan().Count('\n');
        AddData(Before(text, sign, isPrint: kind == '{'), textLine);

        if (kind == '%' && TryReadRaw(tag))
        {
            return;
        }

        _position = tag + (sign == '\0' ? 2 : 3);
        switch (kind)
        {
            case '#':
                ReadComment();
                break;
            case '%':
                Add(TokenKind.BlockBegin, "{%");
                ReadCode('%', TokenKind.BlockEnd);
                break;
            default:
                Add(TokenKind.PrintBegin, "{{");
                ReadCode('}', TokenKind.PrintEnd);
                break;
        }
    }

    /// <summary>Returns the text before a tag, without the white space that the tag removes.</summary>
    private string Before(string text, char sign, bool isPrint)
    {
        if (sign == '-')
        {
            return PythonText.TrimEnd(text);
        }

        if (sign == '+' || isPrint)
        {
            return text;
        }

        int lineStart = text.LastIndexOf('\n') + 1;
        bool startsLine = lineStart > 0 || _atLineStart;
        return startsLine && lineStart < text.Length && PythonText.IsBlank(text.AsSpan(lineStart)) ? text[..lineStart] : text;
    }

    private bool TryReadRaw(int tag)
    {
        int at = tag + 2;
        if (at < _source.Length && _source[at] is '-' or '+')
        {
            at++;
        }

        at = SkipBlank(at);
        if (!Matches(at, "raw"))
        {
            return false;
        }

        at = SkipBlank(at + 3);
        bool trims = Matches(at, "-%}");
        if (!trims && !Matches(at, "%}"))
        {
            return false;
        }

        at = trims ? SkipBlank(at + 3) : at + 2;
        CountLines(tag, at);
        _atLineStart = at > 0 && _source[at - 1] == '\n';
        for (int end = at; (end = _source.IndexOf("{%", end, StringComparison.Ordinal)) >= 0; end += 2)
        {
            int after = end + 2;
            char sign = after < _source.Length && _source[after] is '-' or '+' ? _source[after++] : '\0';
            int name = SkipBlank(after);
            if (!Matches(name, "endraw"))
            {
                continue;
            }

            int close = SkipBlank(name + 6);
            if (!TryEndTag(close, '%', allowPlus: true, out int next))
            {
                continue;
            }

            AddData(Before(_source[at..end], sign, isPrint: false), _line);
            CountLines(at, next);
            MoveTo(next);
            return true;
        }

        throw Fail("'{% raw %}' has no '{% endraw %}'");
    }

    private void ReadComment()
    {
        for (int at = _position; at < _source.Length; at++)
        {
            if (TryEndTag(at, '#', allowPlus: true, out int next))
            {
                CountLines(_position, next);
                MoveTo(next);
                return;
            }
        }

        throw Fail("a comment has no '#}'");
    }

    private void ReadCode(char closing, TokenKind end)
    {
        while (true)
        {
            int start = _position;
            _position = SkipBlank(_position);
            CountLines(start, _position);
            if (_position >= _source.Length)
            {
                throw Fail($"a tag has no '{closing}}}'");
            }

            if (_brackets.Count == 0 && TryEndTag(_position, closing, allowPlus: closing == '%', out int next))
            {
                Add(end, string.Empty);
                CountLines(_position, next);
                MoveTo(next);
                return;
            }

            ReadToken();
        }
    }

    /// <summary>Returns whether a tag ends at a position, and the position of the text after it.</summary>
    private bool TryEndTag(int at, char closing, bool allowPlus, out int next)
    {
        next = at;
        if (at >= _source.Length)
        {
            return false;
        }

        char sign = _source[at] is '-' or '+' ? _source[at] : '\0';
        if (sign == '+' && !allowPlus)
        {
            return false;
        }

        int close = sign == '\0' ? at : at + 1;
        if (close + 1 >= _source.Length || _source[close] != closing || _source[close + 1] != '}')
        {
            return false;
        }

        next = close + 2;
        if (sign == '-')
        {
            next = SkipBlank(next);
        }
        else if (sign == '\0' && closing != '}' && next < _source.Length && _source[next] == '\n')
        {
            next++;
        }

        return true;
    }

    private void ReadToken()
    {
        char first = _source[_position];
        if (char.IsAsciiDigit(first))
        {
            _tokens.Add(NumberLiteral.Read(_source, _position, _line, out _position));
        }
        else if (first == '_' || char.IsLetter(first))
        {
            int start = _position;
            while (_position < _source.Length && IsNamePart(_source[_position]))
            {
                _position++;
            }

            Add(TokenKind.Name, _source[start.._position]);
        }
        else if (first is '\'' or '"')
        {
            int start = _position;
            _tokens.Add(StringLiteral.Read(_source, start, _line, out _position));
            CountLines(start, _position);
        }
        else
        {
            ReadOperator();
        }
    }

    private static bool IsNamePart(char value) =>
        value == '_' || char.IsLetterOrDigit(value)
        || char.GetUnicodeCategory(value) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private void ReadOperator()
    {
        ReadOnlySpan<char> rest = _source.AsSpan(_position);
        string? symbol = null;
        foreach (string candidate in LongOperators)
        {
            if (rest.StartsWith(candidate, StringComparison.Ordinal))
            {
                symbol = candidate;
            }
        }

        if (symbol is null && "+-/*%~[](){}><=.:|,;".Contains(rest[0], StringComparison.Ordinal))
        {
            symbol = rest[0].ToString();
        }

        switch (symbol)
        {
            case null:
                throw Fail($"the character '{rest[0]}' is not allowed here");
            case "(" or "[" or "{":
                _brackets.Push(symbol[0] switch { '(' => ')', '[' => ']', _ => '}' });
                break;
            case ")" or "]" or "}":
                if (!_brackets.TryPop(out char expected) || expected != symbol[0])
                {
                    throw Fail($"'{symbol}' has no matching opening bracket");
                }

                break;
        }

        Add(TokenKind.Operator, symbol);
        _position += symbol.Length;
    }

    private void MoveTo(int next)
    {
        _position = next;
        _atLineStart = next > 0 && _source[next - 1] == '\n';
    }

    private int SkipBlank(int at)
    {
        while (at < _source.Length && PythonText.IsSpace(_source[at]))
        {
            at++;
        }

        return at;
    }

    private bool Matches(int at, string text) => string.CompareOrdinal(_source, at, text, 0, text.Length) == 0;

    private void CountLines(int from, int to) => _line += _source.AsSpan(from, to - from).Count('\n');

    private void AddData(string text, int line)
    {
        if (text.Length > 0)
        {
            _tokens.Add(new Token(TokenKind.Data, text, line));
        }
    }

    private void Add(TokenKind kind, string text) => _tokens.Add(new Token(kind, text, _line));

    private TemplateException Fail(string problem) => TemplateException.At(_line, problem);
}

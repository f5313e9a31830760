using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Orchard.Grammars;

/// <summary>Reads llama.cpp's grammar format (GBNF) into rules. Text by callers: every mistake is a <see cref="GrammarException"/> with its line.</summary>
internal sealed class GbnfParser
{
    public const int MaxCharacters = 1 << 20;
    private const int MaxDepth = 256;
    private const int MaxRepetitions = 1 << 20;

    private readonly string _text;
    private readonly Dictionary<string, GrammarRule> _rules = new(StringComparer.Ordinal);
    private int _at;
    private int _depth;

    private GbnfParser(string text) => _text = text;

    /// <summary>The grammar's start: its rule <c>root</c>.</summary>
    /// <exception cref="GrammarException">The text is no grammar, has no <c>root</c>, or uses a rule it does not define.</exception>
    public static GrammarRule Parse(string gbnf)
    {
        if (gbnf.Length > MaxCharacters)
        {
            throw new GrammarException($"The grammar has {gbnf.Length:N0} characters; at most {MaxCharacters:N0} are read.");
        }

        var parser = new GbnfParser(gbnf);
        parser.ReadRules();
        foreach (GrammarRule rule in parser._rules.Values)
        {
            _ = rule.Body; // throws for one that is not defined
        }

        return parser._rules.TryGetValue("root", out GrammarRule? root)
            ? root
            : throw new GrammarException("The grammar has no rule 'root', with which it would begin.");
    }

    private void ReadRules()
    {
        SkipSpace(acrossLines: true);
        while (_at < _text.Length)
        {
            string name = ReadName() ?? throw Problem("a rule's name is expected");
            GrammarRule rule = RuleOf(name);
            SkipSpace(acrossLines: false);
            if (!TryRead("::="))
            {
                throw Problem($"'::=' is expected after '{name}'");
            }

            if (rule.HasBody)
            {
                throw Problem($"the rule '{name}' is defined twice");
            }

            SkipSpace(acrossLines: true);
            rule.Body = ReadAlternatives(isNested: false);
            if (_at < _text.Length && _text[_at] is not ('\n' or '\r'))
            {
                throw Problem($"'{_text[_at]}' is not expected here");
            }

            SkipSpace(acrossLines: true);
        }
    }

    private GrammarNode ReadAlternatives(bool isNested)
    {
        var options = new List<GrammarNode> { ReadSequence(isNested) };
        while (TryRead("|"))
        {
            SkipSpace(acrossLines: true);
            options.Add(ReadSequence(isNested));
        }

        return GrammarNode.Choice(options);
    }

    private GrammarNode ReadSequence(bool isNested)
    {
        var items = new List<GrammarNode>();
        while (ReadItem() is { } item)
        {
            SkipSpace(isNested);
            items.Add(ReadRepetition(item, isNested));
        }

        return GrammarNode.Sequence(items);
    }

    private GrammarNode? ReadItem()
    {
        if (_at == _text.Length)
        {
            return null;
        }

        switch (_text[_at])
        {
            case '"':
                return ReadLiteral();
            case '[':
                return ReadClass();
            case '.':
                _at++;
                return GrammarNode.Characters(CodePointSet.All);
            case '(':
                return ReadGroup();
            case '<' or '!':
                throw Problem("tokens cannot be written by name or number; write their text as a literal");
            default:
                return ReadName() is { } name ? RuleOf(name) : null;
        }
    }

    private GrammarNode ReadGroup()
    {
        if (++_depth > MaxDepth)
        {
            throw Problem($"groups are nested more than {MaxDepth} deep");
        }

        _at++;
        SkipSpace(acrossLines: true);
        GrammarNode group = ReadAlternatives(isNested: true);
        if (!TryRead(")"))
        {
            throw Problem("')' is expected");
        }

        _depth--;
        return group;
    }

    private GrammarNode ReadRepetition(GrammarNode item, bool isNested)
    {
        int count = 0;
        while (_at < _text.Length && _text[_at] is '*' or '+' or '?' or '{')
        {
            if (++count > MaxDepth)
            {
                throw Problem("too many repetitions of repetitions");
            }

            char sign = _text[_at++];
            item = sign switch
            {
                '*' => GrammarNode.Repeat(item, 0),
                '+' => GrammarNode.Repeat(item, 1),
                '?' => GrammarNode.Optional(item),
                _ => ReadCounts(item),
            };
            SkipSpace(isNested);
        }

        return item;
    }

    private GrammarNode ReadCounts(GrammarNode item)
    {
        SkipSpace(acrossLines: false);
        int min = _at < _text.Length && _text[_at] == ',' ? 0 : ReadCount();
        SkipSpace(acrossLines: false);
        int? max = min;
        if (TryRead(","))
        {
            SkipSpace(acrossLines: false);
            max = _at < _text.Length && _text[_at] == '}' ? null : ReadCount();
            SkipSpace(acrossLines: false);
        }

        if (!TryRead("}"))
        {
            throw Problem("'}' is expected");
        }

        return max < min ? throw Problem($"{{{min},{max}}} asks for at least {min} and at most {max}") : GrammarNode.Repeat(item, min, max);
    }

    private int ReadCount()
    {
        int start = _at;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at]))
        {
            _at++;
        }

        return int.TryParse(_text.AsSpan(start, _at - start), NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count <= MaxRepetitions
            ? count
            : throw Problem($"a count from 0 to {MaxRepetitions} is expected");
    }

    private LiteralNode ReadLiteral()
    {
        _at++;
        var text = new StringBuilder();
        while (_at < _text.Length && _text[_at] is not ('"' or '\n'))
        {
            text.Append(new Rune(ReadCharacter()).ToString());
        }

        return TryRead("\"") ? new LiteralNode(Encoding.UTF8.GetBytes(text.ToString())) : throw Problem("the literal has no closing quote");
    }

    private CharactersNode ReadClass()
    {
        _at++;
        bool isNegated = TryRead("^");
        var ranges = new List<(int, int)>();
        while (_at < _text.Length && _text[_at] is not (']' or '\n'))
        {
            int first = ReadCharacter();
            int last = first;
            if (_at + 1 < _text.Length && _text[_at] == '-' && _text[_at + 1] != ']')
            {
                _at++;
                last = ReadCharacter();
                if (last < first)
                {
                    throw Problem("the range of characters runs backwards");
                }
            }

            ranges.Add((first, last));
        }

        var set = CodePointSet.Of(ranges);
        return TryRead("]") ? new CharactersNode(isNegated ? set.Complement() : set) : throw Problem("the class of characters has no closing ']'");
    }

    private int ReadCharacter()
    {
        if (_text[_at] != '\\')
        {
            if (!Rune.TryGetRuneAt(_text, _at, out Rune rune))
            {
                throw Problem("an unpaired surrogate");
            }

            _at += rune.Utf16SequenceLength;
            return rune.Value;
        }

        if (++_at == _text.Length)
        {
            throw Problem("a '\\' at the end");
        }

        char escape = _text[_at++];
        return escape switch
        {
            'x' => ReadHex(2),
            'u' => ReadHex(4),
            'U' => ReadHex(8),
            't' => '\t',
            'r' => '\r',
            'n' => '\n',
            '\\' or '"' or '[' or ']' or '^' or '-' or '/' or '.' => escape,
            _ => throw Problem($"the escape '\\{escape}' is not known"),
        };
    }

    private int ReadHex(int digits) =>
        _at + digits <= _text.Length
        && int.TryParse(_text.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value)
        && Rune.IsValid(value)
        && (_at += digits) > 0
            ? value
            : throw Problem($"{digits} hexadecimal digits of a Unicode scalar value are expected");

    private string? ReadName()
    {
        int start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '-' or '_'))
        {
            _at++;
        }

        return _at == start ? null : _text[start.._at];
    }

    private bool TryRead(string expected)
    {
        bool found = string.CompareOrdinal(_text, _at, expected, 0, expected.Length) == 0;
        _at += found ? expected.Length : 0;
        return found;
    }

    private void SkipSpace(bool acrossLines)
    {
        while (_at < _text.Length && (_text[_at] is ' ' or '\t' or '#' || (acrossLines && _text[_at] is '\n' or '\r')))
        {
            if (_text[_at] == '#')
            {
                int end = _text.IndexOfAny(['\n', '\r'], _at);
                _at = end < 0 ? _text.Length : end;
            }
            else
            {
                _at++;
            }
        }
    }

    private GrammarRule RuleOf(string name)
    {
        if (!_rules.TryGetValue(name, out GrammarRule? rule))
        {
            _rules.Add(name, rule = new GrammarRule(name));
        }

        return rule;
    }

    private GrammarException Problem(string problem)
    {
        int line = 1 + _text.AsSpan(0, Math.Min(_at, _text.Length)).Count('\n');
        int column = _at - (_at == 0 ? -1 : _text.LastIndexOf('\n', Math.Min(_at, _text.Length) - 1));
        return new GrammarException(string.Create(CultureInfo.InvariantCulture, $"Grammar, line {line}, column {column}: {problem}."));
    }
}

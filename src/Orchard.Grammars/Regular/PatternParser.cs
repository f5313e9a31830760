using System.Globalization;
using Orchard.Grammars.Characters;

namespace Orchard.Grammars.Regular;

/// <summary>Parses regular expressions into syntax trees.</summary>
internal sealed class PatternParser
{
    private const int MaxDepth = 200;
    private const int MaxRepetitions = 5_000;

    private readonly TextCursor _cursor;
    private readonly PatternCharacters _narrow;
    private readonly PatternCharacters _wide;
    private readonly int _maxRepetitions;
    private bool _isWide;
    private int _depth;
    private int? _firstLook;

    private PatternParser(string pattern, bool isWide, int maxRepetitions)
    {
        _cursor = new TextCursor(pattern, Locate);
        bool ignoresCase = _cursor.TryRead("(?i)");
        _narrow = new PatternCharacters(_cursor, isWide: false, ignoresCase);
        _wide = new PatternCharacters(_cursor, isWide: true, ignoresCase);
        _isWide = isWide;
        _maxRepetitions = maxRepetitions;
    }

    private PatternCharacters Characters => _isWide ? _wide : _narrow;

    /// <param name="pattern">The expression.</param>
    /// <param name="isWide">Whether to return the wide reading; see <see cref="Pattern"/>.</param>
    /// <param name="maxRepetitions">The largest count in braces.</param>
    /// <exception cref="GrammarException">The pattern is not a regular expression, or uses a feature that is not supported.</exception>
    public static PatternNode Parse(string pattern, bool isWide, int maxRepetitions = MaxRepetitions)
    {
        var parser = new PatternParser(pattern, isWide, maxRepetitions);
        PatternNode node = parser.ReadAlternatives();
        if (!parser._cursor.IsAtEnd)
        {
            throw parser._cursor.Problem("')' has no '('");
        }

        if (parser._firstLook is { } position && LookAheads.Split(node) is null)
        {
            parser._cursor.Position = position;
            throw parser._cursor.Problem("look-around is not supported, except for look-ahead directly after '^'");
        }

        return node;
    }

    private static string Locate(string pattern, int position) =>
        string.Create(CultureInfo.InvariantCulture, $"The regular expression '{pattern}', character {position + 1}");

    private PatternNode ReadAlternatives()
    {
        var options = new List<PatternNode> { ReadSequence() };
        while (_cursor.TryRead('|'))
        {
            options.Add(ReadSequence());
        }

        return options.Count == 1 ? options[0] : new PatternNode.Alternation(options);
    }

    private PatternNode.Sequence ReadSequence()
    {
        var items = new List<PatternNode>();
        while (!_cursor.IsAtEnd && _cursor.Next is not ('|' or ')'))
        {
            items.Add(ReadRepetition(ReadItem()));
        }

        return new PatternNode.Sequence(items);
    }

    private PatternNode ReadItem()
    {
        char next = _cursor.Next;
        switch (next)
        {
            case '^' or '$':
                _cursor.Position++;
                return new PatternNode.Anchor(IsStart: next == '^');
            case '(':
                return ReadGroup();
            case '[':
                return new PatternNode.Character(Characters.ReadClass());
            case '.':
                _cursor.Position++;
                return new PatternNode.Character(CharacterClasses.AnyCharacter(_isWide));
            case '*' or '+' or '?':
                throw _cursor.Problem($"nothing to repeat before '{next}'");
            case '\\' when _cursor.PeekAt(1) is 'A' or 'z' or 'Z':
                _cursor.Position += 2;
                return new PatternNode.Anchor(IsStart: _cursor.PeekAt(-1) == 'A');
            case '\\':
                return new PatternNode.Character(Characters.ReadEscape());
            default:
                return new PatternNode.Character(Characters.ReadLiteral());
        }
    }

    private PatternNode ReadGroup()
    {
        if (++_depth > MaxDepth)
        {
            throw _cursor.Problem($"groups are nested more than {MaxDepth} deep");
        }

        _cursor.Position++;
        bool isLook = false;
        if (_cursor.TryRead('?') && !_cursor.TryRead(':') && !TryReadGroupName())
        {
            isLook = _cursor.Next is '=' or '!' ? true : throw _cursor.Problem("look-around and inline options are not supported");
            _firstLook ??= _cursor.Position;
        }

        PatternNode group = isLook ? ReadLook() : ReadAlternatives();
        if (!_cursor.TryRead(')'))
        {
            throw _cursor.Problem("'(' has no ')'");
        }

        _depth--;
        return group;
    }

    // What must not follow is excluded with the other reading.
    private PatternNode.LookAhead ReadLook()
    {
        bool isNegative = _cursor.Next == '!';
        _cursor.Position++;
        _isWide ^= isNegative;
        var look = new PatternNode.LookAhead(ReadAlternatives(), isNegative);
        _isWide ^= isNegative;
        return look;
    }

    private bool TryReadGroupName()
    {
        if (_cursor.Next != '<' || _cursor.PeekAt(1) is '=' or '!')
        {
            return false;
        }

        int end = _cursor.Text.IndexOf('>', _cursor.Position);
        _cursor.Position = end < 0 ? _cursor.Position : end + 1;
        return end >= 0;
    }

    private PatternNode ReadRepetition(PatternNode item)
    {
        if (_cursor.IsAtEnd)
        {
            return item;
        }

        int start = _cursor.Position++;
        (int Min, int? Max)? counts = _cursor.Text[start] switch
        {
            '*' => (0, null),
            '+' => (1, null),
            '?' => (0, 1),
            '{' => ReadCounts(),
            _ => null,
        };
        if (counts is not { } found)
        {
            _cursor.Position = start;
            return item;
        }

        if (item is PatternNode.Anchor or PatternNode.LookAhead)
        {
            throw _cursor.Problem("an anchor or look-ahead cannot be repeated");
        }

        _cursor.TryRead('?'); // whether a repetition is lazy does not change what the expression matches
        return new PatternNode.Repetition(item, found.Min, found.Max);
    }

    private (int, int?) ReadCounts()
    {
        int min = _cursor.ReadCount(_maxRepetitions);
        int? max = min;
        if (_cursor.TryRead(','))
        {
            max = _cursor.Next == '}' ? null : _cursor.ReadCount(_maxRepetitions);
        }

        return _cursor.TryRead('}') && !(max < min) ? (min, max) : throw _cursor.Problem("invalid repetition counts in braces");
    }
}

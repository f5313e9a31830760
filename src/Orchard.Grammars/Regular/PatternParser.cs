using System.Globalization;
using Orchard.Grammars.Characters;

namespace Orchard.Grammars.Regular;

/// <summary>Parses regular expressions into syntax trees.</summary>
internal sealed class PatternParser
{
    private const int MaxDepth = 200;
    private const int MaxRepetitions = 5_000;

    private readonly TextCursor _cursor;
    private readonly PatternCharacters _characters;
    private readonly bool _isWide;
    private int _depth;

    private PatternParser(string pattern, bool isWide)
    {
        _cursor = new TextCursor(pattern, Locate);
        _characters = new PatternCharacters(_cursor, isWide);
        _isWide = isWide;
    }

    /// <exception cref="GrammarException">The pattern is not a regular expression, or uses a feature that is not supported.</exception>
    public static PatternNode Parse(string pattern, bool isWide)
    {
        var parser = new PatternParser(pattern, isWide);
        PatternNode node = parser.ReadAlternatives();
        return parser._cursor.IsAtEnd ? node : throw parser._cursor.Problem("')' has no '('");
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
                return new PatternNode.Character(_characters.ReadClass());
            case '.':
                _cursor.Position++;
                return new PatternNode.Character(CharacterClasses.AnyCharacter(_isWide));
            case '*' or '+' or '?':
                throw _cursor.Problem($"nothing to repeat before '{next}'");
            case '\\':
                return new PatternNode.Character(_characters.ReadEscape());
            default:
                return new PatternNode.Character(CodePointSet.Of(_cursor.ReadRune()));
        }
    }

    private PatternNode ReadGroup()
    {
        if (++_depth > MaxDepth)
        {
            throw _cursor.Problem($"groups are nested more than {MaxDepth} deep");
        }

        _cursor.Position++;
        if (_cursor.TryRead('?') && !_cursor.TryRead(':') && !TryReadGroupName())
        {
            throw _cursor.Problem("look-around and inline options are not supported");
        }

        PatternNode group = ReadAlternatives();
        if (!_cursor.TryRead(')'))
        {
            throw _cursor.Problem("'(' has no ')'");
        }

        _depth--;
        return group;
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

        if (item is PatternNode.Anchor)
        {
            throw _cursor.Problem("an anchor cannot be repeated");
        }

        _cursor.TryRead('?'); // whether a repetition is lazy does not change what the expression matches
        return new PatternNode.Repetition(item, found.Min, found.Max);
    }

    private (int, int?) ReadCounts()
    {
        int min = _cursor.ReadCount(MaxRepetitions);
        int? max = min;
        if (_cursor.TryRead(','))
        {
            max = _cursor.Next == '}' ? null : _cursor.ReadCount(MaxRepetitions);
        }

        return _cursor.TryRead('}') && !(max < min) ? (min, max) : throw _cursor.Problem("invalid repetition counts in braces");
    }
}

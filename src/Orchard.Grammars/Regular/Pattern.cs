using System.Globalization;
using System.Text;

namespace Orchard.Grammars.Regular;

/// <summary>Regular expressions as JSON Schema has them (ECMAScript, by code points), turned into automata.</summary>
/// <remarks>
/// Known are literals, <c>.</c>, classes, groups, alternatives, repetitions, <c>^</c> and <c>$</c> anywhere. Look-around, back-references,
/// word boundaries and Unicode properties are refused. Libraries disagree on what \d, \w, \s and <c>.</c> are beyond ASCII, so an
/// expression has a narrow and a wide reading: what is generated to match follows the narrow one, and what must not match is kept out of
/// the wide one.
/// </remarks>
internal sealed class Pattern
{
    private const int MaxDepth = 200;
    private const int MaxRepetitions = 5_000;
    private const string LineEnds = "\n\r\u2028\u2029";

    private static readonly CodePointSet NonAscii = CodePointSet.Of((0x80, CodePointSet.Largest));
    private static readonly CodePointSet Digits = CodePointSet.Of(('0', '9'));
    private static readonly CodePointSet Word = CodePointSet.Of(('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z'));
    private static readonly CodePointSet Space = CodePointSet.Of(" \t\n\v\f\r");

    private readonly string _text;
    private readonly bool _isWide;
    private readonly List<State> _states = [];
    private int _at;
    private int _depth;

    private Pattern(string text, bool isWide)
    {
        _text = text;
        _isWide = isWide;
    }

    /// <summary>The texts in which the expression is found, anywhere.</summary>
    /// <exception cref="GrammarException">It is no expression, or cannot be enforced; the message says why.</exception>
    public static CodePointDfa Search(string pattern, bool isWide = false) => new Pattern(pattern, isWide).Compile(isWhole: false);

    /// <summary>The texts that the expression matches from beginning to end.</summary>
    /// <exception cref="GrammarException">It is no expression, or cannot be enforced; the message says why.</exception>
    public static CodePointDfa Whole(string pattern) => new Pattern(pattern, isWide: false).Compile(isWhole: true);

    private CodePointDfa Compile(bool isWhole)
    {
        Node node = ReadAlternatives();
        if (_at < _text.Length)
        {
            throw Problem("')' has no '('");
        }

        int end = Add();
        if (!isWhole)
        {
            _states[end].On.Add((CodePointSet.All, end));
        }

        int start = node.Build(this, end);
        if (!isWhole)
        {
            int before = Add();
            _states[before].On.Add((CodePointSet.All, before));
            _states[before].Free.Add(start);
            start = before;
        }

        return Determine(start, end);
    }

    private CodePointDfa Determine(int start, int end)
    {
        var index = new Dictionary<string, int>();
        var order = new List<int[]>();
        var transitions = new List<(CodePointSet, int)[]>();
        var accepts = new List<bool>();
        PlaceOf(Close([start], atStart: true, atEnd: false));
        for (int i = 0; i < order.Count; i++)
        {
            (CodePointSet On, int Target)[] edges = [.. order[i].SelectMany(state => _states[state].On)];
            var next = new List<(CodePointSet, int)>();
            foreach (CodePointSet part in Divide(edges.Select(edge => edge.On)))
            {
                int first = part.Ranges[0].First;
                int[] targets = [.. edges.Where(edge => edge.On.Contains(first)).Select(edge => edge.Target).Distinct()];
                next.Add((part, PlaceOf(Close(targets, atStart: false, atEnd: false))));
            }

            transitions.Add([.. next]);
            accepts.Add(Close(order[i], atStart: i == 0, atEnd: true).Contains(end));
        }

        return new CodePointDfa(transitions, accepts);

        int PlaceOf(int[] states)
        {
            // The first state may pass '^', others with the same places may not.
            string key = (order.Count == 0 ? "^" : "") + string.Join(',', states);
            if (!index.TryGetValue(key, out int place))
            {
                index.Add(key, place = order.Count);
                order.Add(states);
                CodePointDfa.Check(order.Count);
            }

            return place;
        }
    }

    // The parts in which no two characters differ in the sets they are in.
    private static IEnumerable<CodePointSet> Divide(IEnumerable<CodePointSet> sets)
    {
        CodePointSet[] all = [.. sets.Distinct()];
        var cuts = new SortedSet<int>();
        foreach ((int first, int last) in all.SelectMany(set => set.Ranges))
        {
            cuts.Add(first);
            cuts.Add(last + 1);
        }

        int[] points = [.. cuts];
        var parts = new Dictionary<string, List<(int, int)>>();
        for (int i = 0; i + 1 < points.Length; i++)
        {
            string members = string.Concat(all.Select(set => set.Contains(points[i]) ? '1' : '0'));
            if (members.Contains('1', StringComparison.Ordinal))
            {
                if (!parts.TryGetValue(members, out List<(int, int)>? part))
                {
                    parts.Add(members, part = []);
                }

                part.Add((points[i], points[i + 1] - 1));
            }
        }

        return parts.Values.Select(part => CodePointSet.Of(part)).Where(part => !part.IsEmpty);
    }

    private int[] Close(IEnumerable<int> from, bool atStart, bool atEnd)
    {
        var seen = new HashSet<int>();
        var open = new Stack<int>(from);
        while (open.TryPop(out int state))
        {
            if (seen.Add(state))
            {
                State here = _states[state];
                here.Free.ForEach(open.Push);
                if (atStart)
                {
                    here.AtStart.ForEach(open.Push);
                }

                if (atEnd)
                {
                    here.AtEnd.ForEach(open.Push);
                }
            }
        }

        return [.. seen.Order()];
    }

    private Node ReadAlternatives()
    {
        var options = new List<Node> { ReadSequence() };
        while (TryRead('|'))
        {
            options.Add(ReadSequence());
        }

        return options.Count == 1 ? options[0] : new Either(options);
    }

    private Sequence ReadSequence()
    {
        var items = new List<Node>();
        while (_at < _text.Length && _text[_at] is not ('|' or ')'))
        {
            items.Add(ReadRepetition(ReadItem()));
        }

        return new Sequence(items);
    }

    private Node ReadItem()
    {
        char next = _text[_at];
        switch (next)
        {
            case '^':
                _at++;
                return new Assertion(IsStart: true);
            case '$':
                _at++;
                return new Assertion(IsStart: false);
            case '(':
                return ReadGroup();
            case '[':
                return new Character(ReadClass());
            case '.':
                _at++;
                return new Character(_isWide ? CodePointSet.All : CodePointSet.Of(LineEnds).Complement());
            case '*' or '+' or '?':
                throw Problem($"'{next}' repeats nothing");
            case '\\':
                return new Character(ReadEscape(inClass: false));
            default:
                return new Character(CodePointSet.Of(ReadRune()));
        }
    }

    private Node ReadGroup()
    {
        if (++_depth > MaxDepth)
        {
            throw Problem($"groups are nested more than {MaxDepth} deep");
        }

        _at++;
        if (TryRead('?'))
        {
            if (!TryRead(':'))
            {
                int end = _at < _text.Length && _text[_at] == '<' && _at + 1 < _text.Length && _text[_at + 1] is not ('=' or '!')
                    ? _text.IndexOf('>', _at)
                    : -1;
                _at = end >= 0 ? end + 1 : throw Problem("look-around and inline options are not supported");
            }
        }

        Node group = ReadAlternatives();
        if (!TryRead(')'))
        {
            throw Problem("'(' has no ')'");
        }

        _depth--;
        return group;
    }

    private Node ReadRepetition(Node item)
    {
        if (_at == _text.Length)
        {
            return item;
        }

        int start = _at;
        (int Min, int? Max)? counts = _text[_at++] switch
        {
            '*' => (0, null),
            '+' => (1, null),
            '?' => (0, 1),
            '{' => ReadCounts(),
            _ => null,
        };
        if (counts is not { } found)
        {
            _at = start;
            return item;
        }

        if (item is Assertion)
        {
            throw Problem("an anchor is repeated");
        }

        TryRead('?'); // which of several matches is found first does not matter here
        return new Repetition(item, found.Min, found.Max);
    }

    private (int, int?) ReadCounts()
    {
        int min = ReadCount();
        int? max = min;
        if (TryRead(','))
        {
            max = _at < _text.Length && _text[_at] == '}' ? null : ReadCount();
        }

        return TryRead('}') && !(max < min) ? (min, max) : throw Problem("the counts in braces are no counts");
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

    private CodePointSet ReadClass()
    {
        _at++;
        bool isNegated = TryRead('^');

        // What is kept out of the narrow reading is what the wide one has.
        CodePointSet set = isNegated ? ReadMembers(!_isWide).Complement() : ReadMembers(_isWide);
        return set;
    }

    private CodePointSet ReadMembers(bool isWide)
    {
        CodePointSet set = CodePointSet.Empty;
        while (!TryRead(']'))
        {
            if (_at == _text.Length)
            {
                throw Problem("'[' has no ']'");
            }

            CodePointSet first = ReadMember(isWide, out int? from);
            if (from is { } low && _at + 1 < _text.Length && _text[_at] == '-' && _text[_at + 1] != ']')
            {
                _at++;
                ReadMember(isWide, out int? to);
                first = to >= low ? CodePointSet.Of((low, to.Value)) : throw Problem("a range of characters runs backwards, or to a class");
            }

            set = set.Union(first);
        }

        return set;
    }

    private CodePointSet ReadMember(bool isWide, out int? single)
    {
        CodePointSet set = _text[_at] == '\\' ? ReadEscape(inClass: true, isWide) : CodePointSet.Of(ReadRune());
        single = set.Ranges.Count == 1 && set.Ranges[0].First == set.Ranges[0].Last ? set.Ranges[0].First : null;
        return set;
    }

    private CodePointSet ReadEscape(bool inClass) => ReadEscape(inClass, _isWide);

    private CodePointSet ReadEscape(bool inClass, bool isWide)
    {
        if (++_at == _text.Length)
        {
            throw Problem("'\\' at the end");
        }

        char escape = _text[_at++];
        switch (escape)
        {
            case 'd':
                return isWide ? Digits.Union(NonAscii) : Digits;
            case 'D':
                return isWide ? Digits.Complement() : Digits.Union(NonAscii).Complement();
            case 'w':
                return isWide ? Word.Union(NonAscii) : Word;
            case 'W':
                return isWide ? Word.Complement() : Word.Union(NonAscii).Complement();
            case 's':
                return isWide ? WideSpace() : Space;
            case 'S':
                return (isWide ? Space : WideSpace()).Complement();
            case 't':
                return CodePointSet.Of('\t');
            case 'n':
                return CodePointSet.Of('\n');
            case 'v':
                return CodePointSet.Of('\v');
            case 'f':
                return CodePointSet.Of('\f');
            case 'r':
                return CodePointSet.Of('\r');
            case '0' when _at == _text.Length || !char.IsAsciiDigit(_text[_at]):
                return CodePointSet.Of(0);
            case 'x':
                return CodePointSet.Of(ReadHex(2));
            case 'u':
                return CodePointSet.Of(ReadUnicode());
            case 'b' when inClass:
                return CodePointSet.Of('\b');
            case 'b' or 'B':
                throw Problem("word boundaries are not supported");
            case 'p' or 'P':
                throw Problem("Unicode properties are not supported");
            case >= '1' and <= '9' or 'k':
                throw Problem("back-references are not supported");
            default:
                return char.IsAsciiLetterOrDigit(escape) || char.IsSurrogate(escape)
                    ? throw Problem($"the escape '\\{escape}' is not known")
                    : CodePointSet.Of(escape);
        }
    }

    private static CodePointSet WideSpace() => Space.Union(CodePointSet.Of((0x1C, 0x1F))).Union(NonAscii);

    private int ReadUnicode()
    {
        if (TryRead('{'))
        {
            int end = _text.IndexOf('}', _at);
            int value = end > _at && end - _at <= 6 ? ReadHex(end - _at) : throw Problem("'\\u{' has no '}'");
            _at++;
            return Rune.IsValid(value) ? value : throw Problem("a surrogate");
        }

        int unit = ReadHex(4);
        if (char.IsHighSurrogate((char)unit) && string.CompareOrdinal(_text, _at, "\\u", 0, 2) == 0)
        {
            _at += 2;
            int low = ReadHex(4);
            return char.IsLowSurrogate((char)low) ? char.ConvertToUtf32((char)unit, (char)low) : throw Problem("an unpaired surrogate");
        }

        return Rune.IsValid(unit) ? unit : throw Problem("an unpaired surrogate");
    }

    private int ReadHex(int digits)
    {
        if (_at + digits <= _text.Length
            && int.TryParse(_text.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value))
        {
            _at += digits;
            return value;
        }

        throw Problem($"{digits} hexadecimal digits are expected");
    }

    private int ReadRune()
    {
        Rune rune = Rune.TryGetRuneAt(_text, _at, out Rune found) ? found : throw Problem("an unpaired surrogate");
        _at += rune.Utf16SequenceLength;
        return rune.Value;
    }

    private bool TryRead(char expected)
    {
        bool found = _at < _text.Length && _text[_at] == expected;
        _at += found ? 1 : 0;
        return found;
    }

    private int Add()
    {
        _states.Add(new State());
        CodePointDfa.Check(_states.Count);
        return _states.Count - 1;
    }

    private GrammarException Problem(string problem) => new($"The expression '{_text}', at character {_at + 1}: {problem}");

    private sealed class State
    {
        public List<(CodePointSet On, int Target)> On { get; } = [];

        public List<int> Free { get; } = [];

        public List<int> AtStart { get; } = [];

        public List<int> AtEnd { get; } = [];
    }

    private abstract record Node
    {
        /// <summary>Adds the states that read this and go on to <paramref name="next"/>; returns the first.</summary>
        public abstract int Build(Pattern pattern, int next);
    }

    private sealed record Character(CodePointSet Set) : Node
    {
        public override int Build(Pattern pattern, int next)
        {
            int state = pattern.Add();
            pattern._states[state].On.Add((Set, next));
            return state;
        }
    }

    private sealed record Assertion(bool IsStart) : Node
    {
        public override int Build(Pattern pattern, int next)
        {
            int state = pattern.Add();
            (IsStart ? pattern._states[state].AtStart : pattern._states[state].AtEnd).Add(next);
            return state;
        }
    }

    private sealed record Sequence(List<Node> Items) : Node
    {
        public override int Build(Pattern pattern, int next)
        {
            for (int i = Items.Count - 1; i >= 0; i--)
            {
                next = Items[i].Build(pattern, next);
            }

            return next;
        }
    }

    private sealed record Either(List<Node> Options) : Node
    {
        public override int Build(Pattern pattern, int next)
        {
            int state = pattern.Add();
            pattern._states[state].Free.AddRange(Options.Select(option => option.Build(pattern, next)));
            return state;
        }
    }

    private sealed record Repetition(Node Item, int Min, int? Max) : Node
    {
        public override int Build(Pattern pattern, int next)
        {
            int step = next;
            if (Max is { } max)
            {
                for (int i = max; i > Min; i--)
                {
                    int choice = pattern.Add();
                    pattern._states[choice].Free.AddRange([Item.Build(pattern, step), next]);
                    step = choice;
                }
            }
            else
            {
                int loop = pattern.Add();
                pattern._states[loop].Free.AddRange([Item.Build(pattern, loop), next]);
                step = loop;
            }

            for (int i = 0; i < Min; i++)
            {
                step = Item.Build(pattern, step);
            }

            return step;
        }
    }
}

using System.Globalization;
using Orchard.Grammars.Characters;
using Orchard.Grammars.Nodes;

namespace Orchard.Grammars.Gbnf;

/// <summary>Parses GBNF, llama.cpp's grammar format. The text comes from callers; every error has its line and column.</summary>
internal sealed class GbnfParser
{
    public const int MaxCharacters = 1 << 20;
    private const int MaxDepth = 256;
    private const int MaxRepetitions = 1 << 20;

    // A node with its list of children.
    private const int NodeBytes = 128;

    private readonly TextCursor _cursor;
    private readonly CompilationBudget _budget;
    private readonly Dictionary<string, GrammarRule> _rules = new(StringComparer.Ordinal);
    private int _depth;

    private GbnfParser(string text, CompilationBudget budget)
    {
        _cursor = new TextCursor(text, Locate);
        _budget = budget;
    }

    /// <summary>Returns the rule <c>root</c> of a grammar.</summary>
    /// <exception cref="GrammarException">The text is not a grammar, has no <c>root</c>, or uses a rule it does not define.</exception>
    public static GrammarRule Parse(string gbnf) => Parse(gbnf, new CompilationBudget());

    /// <inheritdoc cref="Parse(string)"/>
    public static GrammarRule Parse(string gbnf, CompilationBudget budget)
    {
        if (gbnf.Length > MaxCharacters)
        {
            throw new GrammarException($"The grammar has {gbnf.Length:N0} characters; the maximum is {MaxCharacters:N0}.");
        }

        var parser = new GbnfParser(gbnf, budget);
        parser.ReadRules();
        foreach (GrammarRule rule in parser._rules.Values)
        {
            _ = rule.Body; // throws if it is not defined
        }

        return parser._rules.TryGetValue("root", out GrammarRule? root)
            ? root
            : throw new GrammarException("The grammar has no rule 'root'. Define one; generation starts there.");
    }

    private static string Locate(string text, int position)
    {
        int line = 1 + text.AsSpan(0, position).Count('\n');
        int column = position - (position == 0 ? -1 : text.LastIndexOf('\n', position - 1));
        return string.Create(CultureInfo.InvariantCulture, $"Grammar, line {line}, column {column}");
    }

    private void ReadRules()
    {
        SkipSpace(acrossLines: true);
        while (!_cursor.IsAtEnd)
        {
            string name = ReadName() ?? throw _cursor.Problem("expected the name of a rule");
            GrammarRule rule = RuleOf(name);
            SkipSpace(acrossLines: false);
            if (!_cursor.TryRead("::="))
            {
                throw _cursor.Problem($"expected '::=' after '{name}'");
            }

            if (rule.HasBody)
            {
                throw _cursor.Problem($"the rule '{name}' is defined twice");
            }

            SkipSpace(acrossLines: true);
            rule.Body = ReadAlternatives(isNested: false);
            if (!_cursor.IsAtEnd && _cursor.Next is not ('\n' or '\r'))
            {
                throw _cursor.Problem($"unexpected '{_cursor.Next}'");
            }

            SkipSpace(acrossLines: true);
        }
    }

    private GrammarNode ReadAlternatives(bool isNested)
    {
        var options = new List<GrammarNode> { ReadSequence(isNested) };
        while (_cursor.TryRead('|'))
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
            _budget.Spend(CompilationBudget.NodeCost);
            _budget.SpendBytes(NodeBytes);
            SkipSpace(isNested);
            items.Add(ReadRepetition(item, isNested));
        }

        return GrammarNode.Sequence(items);
    }

    private GrammarNode? ReadItem()
    {
        if (_cursor.IsAtEnd)
        {
            return null;
        }

        switch (_cursor.Next)
        {
            case '"':
                return GbnfCharacters.ReadLiteral(_cursor);
            case '[':
                return GbnfCharacters.ReadClass(_cursor);
            case '.':
                _cursor.Position++;
                return GrammarNode.Characters(CodePointSet.All);
            case '(':
                return ReadGroup();
            case '<' or '!':
                throw _cursor.Problem("tokens cannot be referenced by name or number; write the token's text as a literal");
            default:
                return ReadName() is { } name ? RuleOf(name) : null;
        }
    }

    private GrammarNode ReadGroup()
    {
        if (++_depth > MaxDepth)
        {
            throw _cursor.Problem($"groups are nested more than {MaxDepth} deep");
        }

        _cursor.Position++;
        SkipSpace(acrossLines: true);
        GrammarNode group = ReadAlternatives(isNested: true);
        if (!_cursor.TryRead(')'))
        {
            throw _cursor.Problem("expected ')'");
        }

        _depth--;
        return group;
    }

    private GrammarNode ReadRepetition(GrammarNode item, bool isNested)
    {
        int count = 0;
        while (_cursor.Next is '*' or '+' or '?' or '{')
        {
            if (++count > MaxDepth)
            {
                throw _cursor.Problem($"more than {MaxDepth} repetition operators in a row");
            }

            char sign = _cursor.Next;
            _cursor.Position++;
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
        int min = _cursor.Next == ',' ? 0 : _cursor.ReadCount(MaxRepetitions);
        SkipSpace(acrossLines: false);
        int? max = min;
        if (_cursor.TryRead(','))
        {
            SkipSpace(acrossLines: false);
            max = _cursor.Next == '}' ? null : _cursor.ReadCount(MaxRepetitions);
            SkipSpace(acrossLines: false);
        }

        if (!_cursor.TryRead('}'))
        {
            throw _cursor.Problem("expected '}'");
        }

        return max < min
            ? throw _cursor.Problem($"{{{min},{max}}} means at least {min} but at most {max}")
            : GrammarNode.Repeat(item, min, max);
    }

    private string? ReadName()
    {
        int start = _cursor.Position;
        while (char.IsAsciiLetterOrDigit(_cursor.Next) || _cursor.Next is '-' or '_')
        {
            _cursor.Position++;
        }

        return _cursor.Position == start ? null : _cursor.Text[start.._cursor.Position];
    }

    private void SkipSpace(bool acrossLines)
    {
        while (_cursor.Next is ' ' or '\t' or '#' || (acrossLines && _cursor.Next is '\n' or '\r'))
        {
            if (_cursor.Next == '#')
            {
                int end = _cursor.Text.AsSpan(_cursor.Position).IndexOfAny('\n', '\r');
                _cursor.Position = end < 0 ? _cursor.Text.Length : _cursor.Position + end;
            }
            else
            {
                _cursor.Position++;
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
}

using System.Buffers;

namespace Orchard.Grammars.Regular;

/// <summary>Compiles regular expressions in the dialect of JSON Schema (ECMAScript, over code points) to automata.</summary>
/// <remarks>
/// Supported are literals, <c>.</c>, classes, Unicode categories, groups, alternatives, repetitions, <c>^</c> and <c>$</c> anywhere,
/// look-ahead directly after <c>^</c>, and <c>(?i)</c> at the start. Other look-around, back-references and word boundaries are refused.
/// Libraries disagree about what \d, \w, \s and <c>.</c> match beyond ASCII, so an expression has two readings: the narrow one matches
/// what every library matches, the wide one what any library may match. Text that must match is generated from the narrow reading; text
/// that must not match is excluded with the wide one.
/// </remarks>
internal static class Pattern
{
    private static readonly SearchValues<char> Special = SearchValues.Create("\\^$.|?*+()[]{}/");

    /// <summary>Returns the texts that contain a match.</summary>
    /// <exception cref="GrammarException">The pattern is not a regular expression, or cannot be enforced.</exception>
    public static CodePointDfa Search(string pattern, CompilationBudget budget, bool isWide = false) =>
        Compile(pattern, isWhole: false, isWide, budget);

    /// <summary>Returns the expression that matches a text and nothing else.</summary>
    public static string Escape(string text) =>
        string.Concat(text.Select(static character => Special.Contains(character) ? $"\\{character}" : $"{character}"));

    /// <summary>Returns the texts that match from beginning to end.</summary>
    /// <exception cref="GrammarException">The pattern is not a regular expression, or cannot be enforced.</exception>
    public static CodePointDfa Whole(string pattern) => Whole(pattern, new CompilationBudget());

    /// <inheritdoc cref="Whole(string)"/>
    public static CodePointDfa Whole(string pattern, CompilationBudget budget) => Compile(pattern, isWhole: true, isWide: false, budget);

    /// <summary>
    /// Returns the class of characters that an expression like <c>^[a-z]{1,9}$</c> repeats, whose count may be larger than an automaton can
    /// be; null for any other expression.
    /// </summary>
    /// <exception cref="GrammarException">The pattern is not a regular expression, or cannot be enforced.</exception>
    public static PatternRepetition? FindRepetition(string pattern) =>
        PatternParser.Parse(pattern, isWide: false, int.MaxValue) switch
        {
            PatternNode.Sequence
            {
                Items:
                [
                    PatternNode.Anchor { IsStart: true },
                    PatternNode.Repetition { Item: PatternNode.Character item } repeated,
                    PatternNode.Anchor { IsStart: false },
                ],
            } => new PatternRepetition(item.Set, repeated.Min, repeated.Max),
            _ => null,
        };

    private static CodePointDfa Compile(string pattern, bool isWhole, bool isWide, CompilationBudget budget)
    {
        (IReadOnlyList<PatternNode.LookAhead> looks, PatternNode rest) = LookAheads.Split(PatternParser.Parse(pattern, isWide))!.Value;
        CodePointDfa texts = Determinizer.Run(Nfa.Build(rest, isWhole, budget), budget);
        foreach (PatternNode.LookAhead look in looks)
        {
            var here = new PatternNode.Sequence([new PatternNode.Anchor(IsStart: true), look.Item]);
            CodePointDfa found = Determinizer.Run(Nfa.Build(here, isWhole: false, budget), budget);
            texts = texts.Intersect(look.IsNegative ? found.Complement() : found, budget);
        }

        return texts;
    }
}

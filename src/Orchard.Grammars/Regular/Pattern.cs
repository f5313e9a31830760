namespace Orchard.Grammars.Regular;

/// <summary>Compiles regular expressions in the dialect of JSON Schema (ECMAScript, over code points) to automata.</summary>
/// <remarks>
/// Supported are literals, <c>.</c>, classes, groups, alternatives, repetitions, and <c>^</c> and <c>$</c> anywhere. Look-around,
/// back-references, word boundaries and Unicode properties are refused. Libraries disagree about what \d, \w, \s and <c>.</c> match beyond
/// ASCII, so an expression has two readings: the narrow one matches what every library matches, the wide one what any library may match.
/// Text that must match is generated from the narrow reading; text that must not match is excluded with the wide one.
/// </remarks>
internal static class Pattern
{
    /// <summary>Returns the texts that contain a match.</summary>
    /// <exception cref="GrammarException">The pattern is not a regular expression, or cannot be enforced.</exception>
    public static CodePointDfa Search(string pattern, CompilationBudget budget, bool isWide = false) =>
        Compile(pattern, isWhole: false, isWide, budget);

    /// <summary>Returns the texts that match from beginning to end.</summary>
    /// <exception cref="GrammarException">The pattern is not a regular expression, or cannot be enforced.</exception>
    public static CodePointDfa Whole(string pattern) => Whole(pattern, new CompilationBudget());

    /// <inheritdoc cref="Whole(string)"/>
    public static CodePointDfa Whole(string pattern, CompilationBudget budget) => Compile(pattern, isWhole: true, isWide: false, budget);

    private static CodePointDfa Compile(string pattern, bool isWhole, bool isWide, CompilationBudget budget) =>
        Determinizer.Run(Nfa.Build(PatternParser.Parse(pattern, isWide), isWhole, budget), budget);
}

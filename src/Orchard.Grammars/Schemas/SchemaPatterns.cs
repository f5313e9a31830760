using Orchard.Grammars.Regular;

namespace Orchard.Grammars.Schemas;

/// <summary>
/// Compiles the regular expressions of one schema document, each once and all within one budget. Problems are reported as
/// <see cref="SchemaException"/>s of the keyword.
/// </summary>
/// <param name="budget">Limits the work.</param>
internal sealed class SchemaPatterns(CompilationBudget budget)
{
    private readonly Dictionary<(string Pattern, bool IsWide), CodePointDfa> _searches = [];
    private readonly Dictionary<string, CodePointDfa> _wholes = [];

    /// <summary>Returns the texts that contain a match; see <see cref="Pattern.Search"/>.</summary>
    /// <exception cref="SchemaException">The pattern cannot be enforced.</exception>
    public CodePointDfa Search(string path, string keyword, string pattern, bool isWide = false)
    {
        if (!_searches.TryGetValue((pattern, isWide), out CodePointDfa? texts))
        {
            _searches.Add((pattern, isWide), texts = Guard(path, keyword, () => Pattern.Search(pattern, budget, isWide), pattern));
        }

        return texts;
    }

    /// <summary>Returns the only class of characters that a pattern repeats, if that is all it does.</summary>
    public static PatternRepetition? FindRepetition(string pattern)
    {
        try
        {
            return Pattern.FindRepetition(pattern);
        }
        catch (GrammarException)
        {
            return null; // reported when the pattern is compiled
        }
    }

    /// <summary>Returns the texts that a pattern matches from beginning to end.</summary>
    /// <exception cref="SchemaException">The pattern cannot be enforced.</exception>
    public CodePointDfa Whole(string path, string keyword, string pattern)
    {
        if (!_wholes.TryGetValue(pattern, out CodePointDfa? texts))
        {
            _wholes.Add(pattern, texts = Guard(path, keyword, () => Pattern.Whole(pattern, budget)));
        }

        return texts;
    }

    /// <summary>Returns the texts that are in both sets.</summary>
    /// <exception cref="SchemaException">The combination is too large.</exception>
    public CodePointDfa Intersect(string path, string keyword, CodePointDfa a, CodePointDfa b) =>
        Guard(path, keyword, () => a.Intersect(b, budget));

    /// <summary>Returns the texts of the first set that are not in the second.</summary>
    /// <exception cref="SchemaException">The combination is too large.</exception>
    public CodePointDfa Except(string path, string keyword, CodePointDfa a, CodePointDfa b) => Intersect(path, keyword, a, b.Complement());

    /// <summary>Returns the texts with a length within bounds.</summary>
    /// <exception cref="SchemaException">The length is too large to be combined with other conditions.</exception>
    public static CodePointDfa OfLength(string path, int min, int? max) =>
        Guard(path, max is null ? "minLength" : "maxLength", () => CodePointDfas.OfLength(min, max));

    /// <summary>Returns the set of exactly these texts.</summary>
    /// <exception cref="SchemaException">The texts are too long.</exception>
    public static CodePointDfa OfTexts(string path, string keyword, IEnumerable<string> texts) =>
        Guard(path, keyword, () => CodePointDfas.OfTexts(texts));

    private static CodePointDfa Guard(string path, string keyword, Func<CodePointDfa> compile, string? pattern = null)
    {
        try
        {
            return compile();
        }
        catch (GrammarException e)
        {
            throw new SchemaException(path, keyword, e.Message)
            {
                IsMeaningless = pattern is not null && PatternMatcher.Find(pattern) is null,
            };
        }
    }
}

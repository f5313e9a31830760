using System.Globalization;
using System.Text;
using Orchard.Grammars.Characters;

namespace Orchard.Grammars.Regular;

/// <summary>The classes of characters that Unicode defines: general categories, and letters that differ only in case.</summary>
internal static class UnicodeClasses
{
    // Folding looks at each character, and larger sets contain the letters in both cases anyway.
    private const int MaxFolded = 5_000;

    private static readonly string[] Codes =
    [
        "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Pc", "Pd", "Ps", "Pe",
        "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Cn",
    ];

    private static readonly Dictionary<string, string> LongNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Letter"] = "L",
        ["Uppercase_Letter"] = "Lu",
        ["Lowercase_Letter"] = "Ll",
        ["Mark"] = "M",
        ["Number"] = "N",
        ["Decimal_Number"] = "Nd",
        ["Punctuation"] = "P",
        ["Symbol"] = "S",
        ["Separator"] = "Z",
        ["Space_Separator"] = "Zs",
        ["Other"] = "C",
        ["Control"] = "Cc",
    };

    private static readonly Lazy<CodePointSet[]> Categories = new(FindCategories);

    /// <summary>Returns the characters of a general category, by its short or long name; null for other names.</summary>
    public static CodePointSet? Find(string name)
    {
        string code = name[(name.IndexOf('=', StringComparison.Ordinal) + 1)..];
        code = LongNames.GetValueOrDefault(code, code);
        bool isCategory = code.Length is 1 or 2 && (name == code || LongNames.ContainsKey(name) || IsProperty(name));
        CodePointSet[] parts =
        [
            .. Enumerable.Range(0, Codes.Length)
                .Where(i => isCategory && Codes[i].StartsWith(code, StringComparison.Ordinal))
                .Select(i => Categories.Value[i]),
        ];
        return parts.Length == 0 ? null : CodePointSet.Of(parts.SelectMany(part => part.Ranges));
    }

    private static bool IsProperty(string name) =>
        name.StartsWith("gc=", StringComparison.Ordinal) || name.StartsWith("General_Category=", StringComparison.Ordinal);

    /// <summary>Returns a set with the letters of the given one in either case.</summary>
    public static CodePointSet InEitherCase(CodePointSet set)
    {
        if (set.Ranges.Sum(range => (long)range.Last - range.First + 1) > MaxFolded)
        {
            return set;
        }

        var folded = new List<(int, int)>();
        foreach ((int first, int last) in set.Ranges)
        {
            for (int codePoint = first; codePoint <= last; codePoint++)
            {
                var rune = new Rune(codePoint);
                int upper = Rune.ToUpperInvariant(rune).Value;
                int lower = Rune.ToLowerInvariant(rune).Value;
                folded.AddRange([(upper, upper), (lower, lower)]);
            }
        }

        return set.Union(CodePointSet.Of(folded));
    }

    private static CodePointSet[] FindCategories()
    {
        var ranges = new List<(int First, int Last)>[Codes.Length];
        for (int i = 0; i < ranges.Length; i++)
        {
            ranges[i] = [];
        }

        int start = 0;
        for (int codePoint = 1; codePoint <= CodePointSet.Largest + 1; codePoint++)
        {
            UnicodeCategory before = CharUnicodeInfo.GetUnicodeCategory(start);
            if (codePoint > CodePointSet.Largest || CharUnicodeInfo.GetUnicodeCategory(codePoint) != before)
            {
                ranges[(int)before].Add((start, codePoint - 1));
                start = codePoint;
            }
        }

        return Array.ConvertAll(ranges, list => CodePointSet.Of(list));
    }
}

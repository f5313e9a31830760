using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Orchard.Grammars.Schemas;

/// <summary>Matches the regular expressions that no automaton can be built for, with those of .NET.</summary>
internal static class PatternMatcher
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <summary>Returns the expression in .NET's dialect; null if it is not one.</summary>
    public static Regex? Find(string pattern)
    {
        try
        {
            return new Regex(Translate(pattern), RegexOptions.CultureInvariant, Limit);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Whether a text contains a match; true if that takes too long.</summary>
    public static bool IsMatch(Regex expression, string text)
    {
        try
        {
            return expression.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return true;
        }
    }

    // In JSON Schema's dialect, '$' is the end of the text only, the shorthand classes are ASCII, and \u{…} is a code point.
    private static string Translate(string pattern)
    {
        var translated = new StringBuilder(pattern.Length);
        bool inClass = false;
        for (int i = 0; i < pattern.Length; i++)
        {
            char c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length)
            {
                char escape = pattern[++i];
                int end = escape == 'u' && i + 1 < pattern.Length && pattern[i + 1] == '{' ? pattern.IndexOf('}', i) : -1;
                ReadOnlySpan<char> hex = end > 0 ? pattern.AsSpan(i + 2, end - i - 2) : "";
                if (int.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int point) && Rune.IsValid(point))
                {
                    translated.Append(Regex.Escape(new Rune(point).ToString()));
                    i = end;
                    continue;
                }

                translated.Append(escape switch
                {
                    'd' => inClass ? "0-9" : "[0-9]",
                    'w' => inClass ? "a-zA-Z0-9_" : "[a-zA-Z0-9_]",
                    _ => $"\\{escape}",
                });
                continue;
            }

            inClass = c == '[' || (inClass && c != ']');
            translated.Append(c == '$' && !inClass ? "\\z" : c.ToString());
        }

        return translated.ToString();
    }
}

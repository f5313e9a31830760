using System.Globalization;
using System.Text;

namespace Orchard.Templates.Python;

/// <summary>Strings as Python sees them: sequences of code points rather than UTF-16 code units.</summary>
internal static class PythonText
{
    private static readonly string[] Ascii = [.. Enumerable.Range(0, 128).Select(code => ((char)code).ToString())];

    public static bool IsSpace(char value) => char.IsWhiteSpace(value) || value is >= '\x1c' and <= '\x1f';

    public static bool IsBlank(ReadOnlySpan<char> text)
    {
        foreach (char value in text)
        {
            if (!IsSpace(value))
            {
                return false;
            }
        }

        return true;
    }

    public static ReadOnlySpan<char> Trim(ReadOnlySpan<char> text)
    {
        int start = 0;
        int end = text.Length;
        while (start < end && IsSpace(text[start]))
        {
            start++;
        }

        while (end > start && IsSpace(text[end - 1]))
        {
            end--;
        }

        return text[start..end];
    }

    public static string TrimStart(string text)
    {
        int start = 0;
        while (start < text.Length && IsSpace(text[start]))
        {
            start++;
        }

        return text[start..];
    }

    public static string TrimEnd(string text)
    {
        int end = text.Length;
        while (end > 0 && IsSpace(text[end - 1]))
        {
            end--;
        }

        return text[..end];
    }

    /// <summary>Whether the text has no surrogates, so that code points and UTF-16 code units coincide.</summary>
    public static bool IsPlain(string text) => !text.AsSpan().ContainsAnyInRange('\ud800', '\udfff');

    public static int Length(string text) => IsPlain(text) ? text.Length : CountPoints(text);

    /// <summary>Returns a character as a string, cached for ASCII.</summary>
    public static string Character(char value) => value < 128 ? Ascii[value] : value.ToString();

    /// <summary>Returns the code points, each as a string.</summary>
    public static string[] Characters(string text)
    {
        var characters = new List<string>(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (IsPairAt(text, i))
            {
                characters.Add(text.Substring(i, 2));
                i++;
            }
            else
            {
                characters.Add(Character(text[i]));
            }
        }

        return [.. characters];
    }

    /// <summary>Returns the UTF-16 offset of a code point.</summary>
    public static int OffsetOf(string text, int point)
    {
        if (IsPlain(text))
        {
            return Math.Min(point, text.Length);
        }

        int at = 0;
        for (; point > 0 && at < text.Length; point--)
        {
            at += IsPairAt(text, at) ? 2 : 1;
        }

        return at;
    }

    /// <summary>Returns the number of code points before a UTF-16 offset.</summary>
    public static int PointAt(string text, int offset) => IsPlain(text) ? offset : CountPoints(text[..offset]);

    /// <summary>Compares by code points. Ordinal UTF-16 order differs for surrogates.</summary>
    public static int Compare(string x, string y)
    {
        int shared = x.AsSpan().CommonPrefixLength(y);
        if (shared == x.Length || shared == y.Length)
        {
            return x.Length.CompareTo(y.Length);
        }

        bool xHigh = char.IsSurrogate(x[shared]);
        return xHigh == char.IsSurrogate(y[shared]) ? x[shared].CompareTo(y[shared]) : xHigh ? 1 : -1;
    }

    public static List<string> SplitLines(string text, bool keepEnds)
    {
        var lines = new List<string>();
        int start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is not ('\n' or '\r' or '\v' or '\f' or '\x1c' or '\x1d' or '\x1e' or '\x85' or '\u2028' or '\u2029'))
            {
                continue;
            }

            int end = i;
            if (text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n')
            {
                i++;
            }

            lines.Add(text[start..(keepEnds ? i + 1 : end)]);
            start = i + 1;
        }

        if (start < text.Length)
        {
            lines.Add(text[start..]);
        }

        return lines;
    }

    /// <summary>Whether <c>repr()</c> leaves the character unescaped.</summary>
    public static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.SpaceSeparator);

    public static bool IsPairAt(string text, int at) =>
        char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]);

    private static int CountPoints(string text)
    {
        int count = 0;
        for (int i = 0; i < text.Length; i++, count++)
        {
            i += IsPairAt(text, i) ? 1 : 0;
        }

        return count;
    }
}

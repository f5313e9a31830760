using System.Globalization;
using System.Text;

namespace Orchard.Templates.Python;

/// <summary>Unicode's full case mapping, in which one letter may become several.</summary>
internal static class CaseMapping
{
    // The unconditional mappings of Unicode's SpecialCasing.txt: a letter followed by its upper case.
    private static readonly Dictionary<char, string> Upper = Read(
        "ßSS ŉʼN ǰJ̌ ΐΪ́ ΰΫ́ ևԵՒ ẖH̱ ẗT̈ ẘW̊ ẙY̊ ẚAʾ "
        + "ﬀFF ﬁFI ﬂFL ﬃFFI ﬄFFL ﬅST ﬆST ﬓՄՆ ﬔՄԵ ﬕՄԻ ﬖՎՆ ﬗՄԽ");

    public static string ToUpper(string text) => Map(text, Upper, text.ToUpperInvariant());

    public static string ToLower(string text)
    {
        string lower = text.ToLowerInvariant();
        if (!text.AsSpan().ContainsAny('Σ', 'İ'))
        {
            return lower;
        }

        var result = new StringBuilder(lower.Length);
        for (int i = 0; i < text.Length; i++)
        {
            result.Append(text[i] switch
            {
                'İ' => "i̇",
                'Σ' => IsFinal(text, i) ? "ς" : "σ",
                _ => lower[i].ToString(),
            });
        }

        return result.ToString();
    }

    public static string Capitalize(string text)
    {
        if (text.Length == 0)
        {
            return text;
        }

        int first = PythonText.IsPairAt(text, 0) ? 2 : 1;
        return ToTitle(text[..first]) + ToLower(text)[first..];
    }

    /// <summary>Converts as Python's <c>str.title</c>: the first letter of each word to upper case, the others to lower case.</summary>
    public static string Title(string text)
    {
        var result = new StringBuilder(text.Length);
        bool afterLetter = false;
        foreach (string character in PythonText.Characters(text))
        {
            result.Append(afterLetter ? ToLower(character) : ToTitle(character));
            afterLetter = IsCased(character);
        }

        return result.ToString();
    }

    public static string SwapCase(string text) => string.Concat(PythonText.Characters(text).Select(
        character => IsUpper(character) ? ToLower(character) : ToUpper(character)));

    public static bool IsCased(string character) => IsUpper(character) || IsLower(character)
        || CharUnicodeInfo.GetUnicodeCategory(character, 0) == UnicodeCategory.TitlecaseLetter;

    public static bool IsUpper(string character) => CharUnicodeInfo.GetUnicodeCategory(character, 0) == UnicodeCategory.UppercaseLetter;

    public static bool IsLower(string character) => CharUnicodeInfo.GetUnicodeCategory(character, 0) == UnicodeCategory.LowercaseLetter
        || character is "ª" or "º";

    /// <summary>Whether the text has cased characters and all of them are in this case.</summary>
    public static bool IsUniform(string text, Func<string, bool> isCase)
    {
        bool any = false;
        foreach (string character in PythonText.Characters(text))
        {
            if (IsCased(character))
            {
                if (!isCase(character))
                {
                    return false;
                }

                any = true;
            }
        }

        return any;
    }

    private static string ToTitle(string character) => character switch
    {
        "ß" => "Ss",
        "ﬀ" => "Ff",
        "ﬁ" => "Fi",
        "ﬂ" => "Fl",
        "ﬃ" => "Ffi",
        "ﬄ" => "Ffl",
        "ﬅ" or "ﬆ" => "St",
        "Ǆ" or "ǅ" or "ǆ" => "ǅ",
        "Ǉ" or "ǈ" or "ǉ" => "ǈ",
        "Ǌ" or "ǋ" or "ǌ" => "ǋ",
        "Ǳ" or "ǲ" or "ǳ" => "ǲ",
        _ => ToUpper(character),
    };

    private static string Map(string text, Dictionary<char, string> special, string simple)
    {
        bool found = false;
        foreach (char value in text)
        {
            found |= value >= 'ß' && special.ContainsKey(value);
        }

        if (!found)
        {
            return simple;
        }

        var result = new StringBuilder(simple.Length + 8);
        for (int i = 0; i < text.Length; i++)
        {
            result.Append(special.GetValueOrDefault(text[i]) ?? simple[i].ToString());
        }

        return result.ToString();
    }

    /// <summary>Whether a sigma ends a word: it follows a letter and none follows it.</summary>
    private static bool IsFinal(string text, int at)
    {
        int before = at - 1;
        while (before >= 0 && IsIgnorable(text[before]))
        {
            before--;
        }

        int after = at + 1;
        while (after < text.Length && IsIgnorable(text[after]))
        {
            after++;
        }

        return before >= 0 && IsCased(text[before].ToString()) && (after >= text.Length || !IsCased(text[after].ToString()));
    }

    private static bool IsIgnorable(char value) => value is '\'' or '.' or ':' or '’' or '·'
        || char.GetUnicodeCategory(value) is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format or UnicodeCategory.ModifierLetter
            or UnicodeCategory.ModifierSymbol or UnicodeCategory.EnclosingMark;

    private static Dictionary<char, string> Read(string table) => table.Split(' ').ToDictionary(entry => entry[0], entry => entry[1..]);
}

using System.Globalization;
using System.Text;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library;

/// <summary>Upper and lower case as Unicode's full mapping has it, where a letter may become several.</summary>
internal static class CaseMapping
{
    // Unicode's SpecialCasing, the part without conditions: one letter, then what it becomes.
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

    /// <summary>Python's <c>str.title</c>: each run of letters begins with a capital.</summary>
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

    /// <summary>A sigma ends a word: a letter before it, none after it.</summary>
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

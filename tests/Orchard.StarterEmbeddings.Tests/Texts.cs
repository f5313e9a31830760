namespace Orchard.StarterEmbeddings.Tests;

/// <summary>Texts to compare, the same in every run.</summary>
internal static class Texts
{
    private static readonly string[] Words =
    [
        "the", "a", "river", "market", "quickly", "engineer", "of", "and", "because", "winter", "memory", "blue", "computer", "runs", "slowly",
        "under", "old", "bridge", "music", "answer", "with", "seventeen", "kilometres", "photosynthesis", "unbelievable", "tokenization", "cat",
        "government", "policy", "sleeps", "on", "warm", "stone", "data", "protocol", "fresh", "bread", "teacher", "explains", "why", "light",
    ];

    private static readonly string[] Samples =
    [
        "Hello, world!", "don't", "it's 5 o'clock", "naïve café résumé", "Übergröße", "São Paulo", "ÀÉÎÕÜ", "ﬁ ligature", "e-mail@example.org",
        "https://example.org/a?b=c&d=1", "3.14159", "1,000,000", "C# and C++", "a_b_c", "snake_case_name", "CamelCaseName", "ALL CAPS TEXT",
        "tab\tseparated", "line\nbreak", "crlf\r\nbreak", "  many   spaces  ", "«quoted»", "“curly” quotes", "dash – and — dash", "ellipsis…",
        "100 %", "50€", "£20", "¥300", "x² + y³", "½ cup", "H₂O", "α β γ", "Ελληνικά", "Привет мир", "Київ", "你好世界", "東京タワー", "ひらがな",
        "العربية", "עברית", "नमस्ते", "ไทย", "emoji 😀 here", "family 👨‍👩‍👧", "soft\u00adhyphen", "zero\u200bwidth", "non\u00a0breaking",
        "[bracketed]", "(parenthesised)", "{braces}", "<tag attr=\"v\">", "a+b=c", "a*b/c", "~tilde", "`code`", "^caret", "|pipe|", "$100",
        "#hashtag", "@mention", "back\\slash", "semi;colon", "q?", "!", ".", "...", "?!", "-", "--", "'", "\"", "''", "a", "I", "Ω",
        "antidisestablishmentarianism", "Donaudampfschifffahrtsgesellschaft", "xqzjkvbw", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "v1.2.3-beta+4",
        "2026-11-29T23:59:59Z", "192.168.0.1", "00:1A:2B:3C", "0xDEADBEEF", "1e-12", "-273.15 °C", "№ 5", "™ ® ©", "İstanbul", "ǅ", "ß", "ŒUVRE",
        new('x', 150), "ﬀ", "Å", "A\u030a", "e\u0301", "ñ", "n\u0303", "Đorđe", "Łódź", "ø", "þ", "Æ",
    ];

    /// <summary>Texts of words, from short to long.</summary>
    public static IEnumerable<string> Prose(int count, int minWords, int maxWords)
    {
        var random = new Random(1);
        for (int i = 0; i < count; i++)
        {
            int words = minWords + ((maxWords - minWords) * i / (count - 1));
            yield return string.Join(' ', Enumerable.Range(0, words).Select(_ => Words[random.Next(Words.Length)])) + ".";
        }
    }

    /// <summary>Two hundred texts of all kinds of characters.</summary>
    public static IEnumerable<string> ForTokens()
    {
        var random = new Random(2);
        int missing = 200 - Samples.Length;
        return Samples.Concat(Enumerable.Range(0, missing).Select(_ =>
            string.Concat(Enumerable.Range(0, 6).Select(_ => Samples[random.Next(Samples.Length)] + (random.Next(2) == 0 ? " " : "")))));
    }
}

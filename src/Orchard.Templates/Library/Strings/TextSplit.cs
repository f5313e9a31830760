using Orchard.Templates.Python;

namespace Orchard.Templates.Library.Strings;

/// <summary>Splits strings into at most a number of parts plus a remainder.</summary>
internal static class TextSplit
{
    public static List<string> AtSeparator(string text, string separator, long limit)
    {
        var parts = new List<string>();
        int from = 0;
        while (parts.Count < limit && text.IndexOf(separator, from, StringComparison.Ordinal) is >= 0 and int at)
        {
            parts.Add(text[from..at]);
            from = at + separator.Length;
        }

        parts.Add(text[from..]);
        return parts;
    }

    public static List<string> AtSeparatorFromEnd(string text, string separator, long limit)
    {
        var parts = new List<string>();
        int to = text.Length;
        for (int at; parts.Count < limit && (at = text.AsSpan(0, to).LastIndexOf(separator, StringComparison.Ordinal)) >= 0; to = at)
        {
            parts.Add(text[(at + separator.Length)..to]);
        }

        parts.Add(text[..to]);
        parts.Reverse();
        return parts;
    }

    public static List<string> AtWhiteSpace(string text, long limit)
    {
        var parts = new List<string>();
        int at = 0;
        while (true)
        {
            while (at < text.Length && PythonText.IsSpace(text[at]))
            {
                at++;
            }

            if (at == text.Length)
            {
                return parts;
            }

            if (parts.Count == limit)
            {
                parts.Add(PythonText.TrimEnd(text[at..]));
                return parts;
            }

            int from = at;
            while (at < text.Length && !PythonText.IsSpace(text[at]))
            {
                at++;
            }

            parts.Add(text[from..at]);
        }
    }

    public static List<string> AtWhiteSpaceFromEnd(string text, long limit)
    {
        var parts = new List<string>();
        int at = text.Length;
        while (true)
        {
            while (at > 0 && PythonText.IsSpace(text[at - 1]))
            {
                at--;
            }

            if (at == 0)
            {
                break;
            }

            if (parts.Count == limit)
            {
                parts.Add(PythonText.TrimStart(text[..at]));
                break;
            }

            int to = at;
            while (at > 0 && !PythonText.IsSpace(text[at - 1]))
            {
                at--;
            }

            parts.Add(text[at..to]);
        }

        parts.Reverse();
        return parts;
    }
}

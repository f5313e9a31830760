namespace Orchard.Protocol.Messages.Requests;

/// <summary>Finds the marks at the ends of a text: <c>&lt;tool_call&gt;</c>, <c>[TOOL_CALLS]</c>. Control tokens look like this.</summary>
internal static class MarkUnits
{
    private const int MaxLength = 64;

    /// <summary>Returns the length of the mark that a text begins with; 0 if it begins with none.</summary>
    public static int LengthAt(ReadOnlySpan<char> text)
    {
        if (text.Length < 3 || text[0] is not ('<' or '['))
        {
            return 0;
        }

        char end = text[0] == '<' ? '>' : ']';
        for (int i = 1; i < text.Length && i < MaxLength; i++)
        {
            if (text[i] == end)
            {
                return i > 1 ? i + 1 : 0;
            }

            // Braces, brackets and quotes belong to data.
            bool isQuoted = text[i] == '"' && text[i - 1] is not ('|' or '/');
            if (char.IsWhiteSpace(text[i]) || text[i] is '{' or '}' or '[' or '<' or '\'' || isQuoted)
            {
                return 0;
            }
        }

        return 0;
    }

    /// <summary>Returns whether a mark ends a text.</summary>
    public static bool EndsWithMark(string text)
    {
        int at = text.AsSpan().LastIndexOfAny('<', '[');
        return at >= 0 && at + LengthAt(text.AsSpan(at)) == text.Length;
    }

    /// <summary>Returns all marks in a text.</summary>
    public static IEnumerable<string> In(string text)
    {
        for (int i = 0; i < text.Length;)
        {
            int length = LengthAt(text.AsSpan(i));
            if (length > 0)
            {
                yield return text.Substring(i, length);
            }

            i += Math.Max(length, 1);
        }
    }
}

using Orchard.Templates.Limits;
using Orchard.Templates.Python;
using Orchard.Templates.Runtime;

namespace Orchard.Templates.Library.Strings;

/// <summary>Replaces substrings.</summary>
internal static class TextReplace
{
    /// <summary>Replaces at most <paramref name="limit"/> occurrences; all of them when it is negative.</summary>
    public static string ReplaceAll(RenderContext context, string text, string old, string with, long limit)
    {
        context.Search(text.Length, old.Length);
        if (limit == 0 || (old.Length > 0 && !text.Contains(old, StringComparison.Ordinal)))
        {
            return text;
        }

        TextBuffer buffer = context.RentBuffer();
        int from = 0;
        for (long done = 0; limit < 0 || done < limit; done++)
        {
            if (old.Length == 0)
            {
                buffer.Append(with);
                if (from == text.Length)
                {
                    break;
                }

                int size = PythonText.IsPairAt(text, from) ? 2 : 1;
                buffer.Append(text.AsSpan(from, size));
                from += size;
                continue;
            }

            int at = text.IndexOf(old, from, StringComparison.Ordinal);
            if (at < 0)
            {
                break;
            }

            buffer.Append(text.AsSpan(from, at - from));
            buffer.Append(with);
            from = at + old.Length;
        }

        buffer.Append(text.AsSpan(from));
        return context.TakeText(buffer);
    }
}

using Orchard.Templates.Python;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library.Strings;

/// <summary>Strips characters from the ends of a string.</summary>
internal static class TextStrip
{
    /// <summary>Strips the characters of a string argument; white space when the argument is missing or none.</summary>
    public static string Strip(RenderContext context, string text, TemplateValue characters, bool start, bool end)
    {
        if (characters.IsMissing || characters.IsNone)
        {
            return start && end ? PythonText.Trim(text) is var trimmed && trimmed.Length == text.Length ? text : trimmed.ToString()
                : start ? PythonText.TrimStart(text) : PythonText.TrimEnd(text);
        }

        string set = ArgumentReader.ReadText(context, characters, "strip");
        context.Search(text.Length, set.Length);
        string[] points = PythonText.Characters(text);
        var strip = PythonText.Characters(set).ToHashSet(StringComparer.Ordinal);
        int from = 0;
        int to = points.Length;
        while (start && from < to && strip.Contains(points[from]))
        {
            from++;
        }

        while (end && to > from && strip.Contains(points[to - 1]))
        {
            to--;
        }

        return string.Concat(points.AsSpan(from, to - from));
    }
}

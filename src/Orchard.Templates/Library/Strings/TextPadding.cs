using Orchard.Templates.Python;
using Orchard.Templates.Runtime;

namespace Orchard.Templates.Library.Strings;

/// <summary>Pads strings to a width.</summary>
internal static class TextPadding
{
    public static string Center(RenderContext context, string text, long width)
    {
        int missing = Missing(context, text, width);
        int before = (missing / 2) + (missing & (int)width & 1);
        return new string(' ', before) + text + new string(' ', missing - before);
    }

    /// <summary>Returns the number of characters missing to a width, and charges for a string of that width.</summary>
    public static int Missing(RenderContext context, string text, long width)
    {
        int length = PythonText.Length(text);
        if (width > context.MaxOutputLength)
        {
            throw context.Fail($"a string would be longer than {context.MaxOutputLength} characters");
        }

        context.Allocate(Math.Max(width, 0));
        return Math.Max((int)Math.Max(width, 0) - length, 0);
    }

    public static string Repeat(string text, int count) =>
        text.Length == 1 ? new string(text[0], count) : string.Concat(Enumerable.Repeat(text, count));
}

using Orchard.Templates.Operations;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library.Filters;

/// <summary>Reads the value that a filter is applied to.</summary>
internal static class FilterInput
{
    /// <summary>Returns the value as a string, and charges for scanning it.</summary>
    public static string ReadText(RenderContext context, TemplateValue value)
    {
        string text = Printer.Str(context, value);
        context.Scan(text.Length);
        return text;
    }
}

using Orchard.Templates.Limits;
using Orchard.Templates.Runtime;

namespace Orchard.Templates.Operations;

/// <summary>HTML escaping, for <c>escape</c> and for operations on strings marked as <c>safe</c>.</summary>
internal static class Markup
{
    public static string Escape(RenderContext context, string text)
    {
        if (text.AsSpan().IndexOfAny("&<>'\"") < 0)
        {
            return text;
        }

        TextBuffer buffer = context.RentBuffer();
        foreach (char value in text)
        {
            buffer.Append(value switch { '&' => "&amp;", '<' => "&lt;", '>' => "&gt;", '\'' => "&#39;", '"' => "&#34;", _ => [value] });
        }

        return context.TakeText(buffer);
    }
}

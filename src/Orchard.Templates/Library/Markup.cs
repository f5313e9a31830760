using Orchard.Templates.Runtime;

namespace Orchard.Templates.Library;

/// <summary>Escaping for HTML, which <c>escape</c> asks for and <c>safe</c> texts bring with them.</summary>
internal static class Markup
{
    public static string Escape(Run run, string text)
    {
        if (text.AsSpan().IndexOfAny("&<>'\"") < 0)
        {
            return text;
        }

        TextBuffer buffer = run.RentBuffer();
        foreach (char value in text)
        {
            buffer.Append(value switch { '&' => "&amp;", '<' => "&lt;", '>' => "&gt;", '\'' => "&#39;", '"' => "&#34;", _ => [value] });
        }

        return run.TakeText(buffer);
    }
}

using Orchard.Templates.Library.Strings;
using Orchard.Templates.Limits;
using Orchard.Templates.Python;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library.Methods;

/// <summary>The methods of Python's <c>str</c> that pad strings.</summary>
internal static class PaddingMethods
{
    public static TemplateValue Justify(RenderContext context, string text, CallArguments arguments, string name)
    {
        TemplateValue[] given = arguments.Bind(context, name, 1, string.Empty, string.Empty);
        long width = ArgumentReader.ReadInteger(context, given[0], name, 0);
        string fill = given[1].IsMissing ? " " : ArgumentReader.ReadText(context, given[1], name);
        if (PythonText.Length(fill) != 1)
        {
            throw context.Fail($"'{name}' needs a fill of one character");
        }

        int missing = TextPadding.Missing(context, text, width);
        int before = name switch { "ljust" => 0, "rjust" => missing, _ => (missing / 2) + (missing & (int)width & 1) };
        return TemplateValue.From(TextPadding.Repeat(fill, before) + text + TextPadding.Repeat(fill, missing - before));
    }

    public static TemplateValue ZeroFill(RenderContext context, string text, CallArguments arguments)
    {
        TemplateValue width = arguments.Bind(context, "zfill", 1, string.Empty)[0];
        int missing = TextPadding.Missing(context, text, ArgumentReader.ReadInteger(context, width, "zfill"));
        int sign = text.Length > 0 && text[0] is '-' or '+' ? 1 : 0;
        return TemplateValue.From(text[..sign] + new string('0', missing) + text[sign..]);
    }

    public static TemplateValue ExpandTabs(RenderContext context, string text, CallArguments arguments)
    {
        long size = ArgumentReader.ReadInteger(context, arguments.Bind(context, "expandtabs", 0, "tabsize")[0], "expandtabs", 8);
        TextBuffer buffer = context.RentBuffer();
        int column = 0;
        foreach (string character in PythonText.Characters(text))
        {
            if (character == "\t")
            {
                long width = size > 0 ? size - (column % size) : 0;
                buffer.Append(' ', width);
                column += (int)width;
                continue;
            }

            buffer.Append(character);
            column = character is "\n" or "\r" ? 0 : column + 1;
        }

        return TemplateValue.From(context.TakeText(buffer));
    }
}

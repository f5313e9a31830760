using Orchard.Templates.Library.Strings;
using Orchard.Templates.Limits;
using Orchard.Templates.Python;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library.Methods;

/// <summary>The methods of Python's <c>str</c> that split and join strings.</summary>
internal static class SplitMethods
{
    public static TemplateValue Partition(RenderContext context, string text, CallArguments arguments, string name, bool last)
    {
        string separator = ArgumentReader.ReadText(context, arguments.Bind(context, name, 1, string.Empty)[0], name);
        if (separator.Length == 0)
        {
            throw context.Fail($"'{name}' needs a separator");
        }

        context.Search(text.Length, separator.Length);
        context.Allocate(text.Length);
        int at = last ? text.AsSpan().LastIndexOf(separator, StringComparison.Ordinal) : text.IndexOf(separator, StringComparison.Ordinal);
        string[] parts = at >= 0 ? [text[..at], separator, text[(at + separator.Length)..]]
            : last ? [string.Empty, string.Empty, text] : [text, string.Empty, string.Empty];
        return context.Tuple(Array.ConvertAll(parts, TemplateValue.From));
    }

    public static TemplateValue Split(RenderContext context, string text, CallArguments arguments, string name)
    {
        TemplateValue[] given = arguments.Bind(context, name, 0, "sep", "maxsplit");
        long limit = ArgumentReader.ReadInteger(context, given[1], name, -1);
        limit = limit < 0 ? long.MaxValue : limit;
        bool fromEnd = name == "rsplit";
        List<string> parts;
        if (given[0].IsMissing || given[0].IsNone)
        {
            parts = fromEnd ? TextSplit.AtWhiteSpaceFromEnd(text, limit) : TextSplit.AtWhiteSpace(text, limit);
        }
        else
        {
            string separator = ArgumentReader.ReadText(context, given[0], name);
            if (separator.Length == 0)
            {
                throw context.Fail($"'{name}' needs a separator");
            }

            context.Search(text.Length, separator.Length);
            parts = fromEnd ? TextSplit.AtSeparatorFromEnd(text, separator, limit) : TextSplit.AtSeparator(text, separator, limit);
        }

        context.Allocate(text.Length);
        context.AllocateItems(parts.Count);
        return Strings(context, parts);
    }

    public static TemplateValue SplitLines(RenderContext context, string text, CallArguments arguments)
    {
        TemplateValue keep = arguments.Bind(context, "splitlines", 0, "keepends")[0];
        context.AllocateItems(text.Length);
        return Strings(context, PythonText.SplitLines(text, keep.IsTrue));
    }

    public static TemplateValue Join(RenderContext context, string text, CallArguments arguments)
    {
        ItemCursor items = ItemCursor.Open(context, arguments.Bind(context, "join", 1, string.Empty)[0]);
        TextBuffer buffer = context.RentBuffer();
        for (int i = 0; items.TryGet(i, out TemplateValue item); i++)
        {
            buffer.Append(i > 0 ? text : string.Empty);
            buffer.Append(ArgumentReader.ReadText(context, item, "join"));
        }

        return TemplateValue.From(context.TakeText(buffer));
    }

    private static TemplateValue Strings(RenderContext context, List<string> texts) => context.List([.. texts.Select(TemplateValue.From)]);
}

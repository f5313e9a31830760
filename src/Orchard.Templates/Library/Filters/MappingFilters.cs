using Orchard.Templates.Operations;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library.Filters;

/// <summary>The filter <c>map</c> and the variants of <c>select</c>. As in Jinja, they run (and can fail) when an item is read.</summary>
internal static class MappingFilters
{
    public static IEnumerator<TemplateValue> Map(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        if (!value.IsTrue)
        {
            yield break;
        }

        Func<TemplateValue, TemplateValue> map = Mapper(context, arguments);
        ItemCursor items = ItemCursor.Open(context, value);
        for (int i = 0; items.TryGet(i, out TemplateValue item); i++)
        {
            yield return map(item);
        }
    }

    public static IEnumerator<TemplateValue> Select(
        RenderContext context, TemplateValue value, CallArguments arguments, bool byAttribute, bool keeps)
    {
        if (!value.IsTrue)
        {
            yield break;
        }

        Func<TemplateValue, bool> passes = Selector(context, arguments, byAttribute);
        ItemCursor items = ItemCursor.Open(context, value);
        for (int i = 0; items.TryGet(i, out TemplateValue item); i++)
        {
            if (passes(item) == keeps)
            {
                yield return item;
            }
        }
    }

    private static Func<TemplateValue, TemplateValue> Mapper(RenderContext context, CallArguments arguments)
    {
        if (arguments.Positional.Length == 0)
        {
            TemplateValue[] given = arguments.Bind(context, "map", 0, "attribute", "default");
            return given[0].IsMissing
                ? throw context.Fail("'map' needs the name of a filter, or an attribute")
                : item => Attributes.Path(context, item, given[0], given[1]);
        }

        string filter = arguments.Positional[0] is { IsText: true } name && context.HasFilter(name.Text)
            ? name.Text
            : throw context.Fail($"there is no filter '{Printer.Str(context, arguments.Positional[0])}'");
        CallArguments rest = arguments with { Positional = arguments.Positional[1..] };
        return item => context.ApplyFilter(filter, item, rest);
    }

    private static Func<TemplateValue, bool> Selector(RenderContext context, CallArguments arguments, bool byAttribute)
    {
        TemplateValue[] positional = arguments.Positional;
        TemplateValue attribute = default;
        if (byAttribute)
        {
            attribute = positional.Length > 0 ? positional[0] : throw context.Fail("the filter needs the name of an attribute");
            positional = positional[1..];
        }

        if (positional.Length == 0)
        {
            return item => Attributes.Path(context, item, attribute).IsTrue;
        }

        string test = positional[0] is { IsText: true } name && context.HasTest(name.Text)
            ? name.Text
            : throw context.Fail($"there is no test '{Printer.Str(context, positional[0])}'");
        var rest = new CallArguments(positional[1..], arguments.Named);
        return item => context.ApplyTest(test, Attributes.Path(context, item, attribute), rest);
    }
}

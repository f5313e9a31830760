using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library;

/// <summary><c>map</c>, <c>select</c> and their relatives. Nothing is done, nor does anything fail, before an item is asked for.</summary>
internal static class MappingFilters
{
    public static IEnumerator<TemplateValue> Map(Run run, TemplateValue value, CallArguments arguments)
    {
        if (!Kinds.IsTrue(value))
        {
            yield break;
        }

        Func<TemplateValue, TemplateValue> map = Mapper(run, arguments);
        ItemCursor items = ItemCursor.Open(run, value);
        for (int i = 0; items.TryGet(i, out TemplateValue item); i++)
        {
            yield return map(item);
        }
    }

    public static IEnumerator<TemplateValue> Select(Run run, TemplateValue value, CallArguments arguments, bool byAttribute, bool keeps)
    {
        if (!Kinds.IsTrue(value))
        {
            yield break;
        }

        Func<TemplateValue, bool> passes = Selector(run, arguments, byAttribute);
        ItemCursor items = ItemCursor.Open(run, value);
        for (int i = 0; items.TryGet(i, out TemplateValue item); i++)
        {
            if (passes(item) == keeps)
            {
                yield return item;
            }
        }
    }

    private static Func<TemplateValue, TemplateValue> Mapper(Run run, CallArguments arguments)
    {
        if (arguments.Positional.Length == 0)
        {
            TemplateValue[] given = arguments.Bind(run, "map", 0, "attribute", "default");
            return given[0].IsMissing
                ? throw run.Fail("'map' needs the name of a filter, or an attribute")
                : item => Attributes.Path(run, item, given[0], given[1]);
        }

        Filter filter = arguments.Positional[0] is { IsText: true } name && Filters.Find(name.Text) is { } found
            ? found
            : throw run.Fail($"there is no filter '{Printer.Str(run, arguments.Positional[0])}'");
        CallArguments rest = arguments with { Positional = arguments.Positional[1..] };
        return item => filter(run, item, rest);
    }

    private static Func<TemplateValue, bool> Selector(Run run, CallArguments arguments, bool byAttribute)
    {
        TemplateValue[] positional = arguments.Positional;
        TemplateValue attribute = default;
        if (byAttribute)
        {
            attribute = positional.Length > 0 ? positional[0] : throw run.Fail("the name of an attribute is missing");
            positional = positional[1..];
        }

        if (positional.Length == 0)
        {
            return item => Kinds.IsTrue(Attributes.Path(run, item, attribute));
        }

        Test test = positional[0].IsText && Tests.Find(positional[0].Text) is { } found
            ? found
            : throw run.Fail($"there is no test '{Printer.Str(run, positional[0])}'");
        var rest = new CallArguments(positional[1..], arguments.Named);
        return item => test(run, Attributes.Path(run, item, attribute), rest);
    }
}

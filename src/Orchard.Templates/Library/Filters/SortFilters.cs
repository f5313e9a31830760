using Orchard.Templates.Operations;
using Orchard.Templates.Python;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library.Filters;

/// <summary>Filters that compare items: to sort, group or select them.</summary>
internal static class SortFilters
{
    private static readonly TemplateValue Nothing = TemplateValue.From(new TemplateUndefined("the sequence is empty"));

    public static TemplateValue Sort(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        TemplateValue[] given = arguments.Bind(context, "sort", 0, "reverse", "case_sensitive", "attribute");
        TemplateValue[] paths = given[2].IsText
            ? Array.ConvertAll(given[2].Text.Split(','), TemplateValue.From)
            : [given[2]];
        TemplateValue[] items = ItemCursor.Open(context, value).ToArray();
        TemplateValue[] keys = Array.ConvertAll(
            items, item => context.List(Array.ConvertAll(paths, path => Folded(context, Attributes.Path(context, item, path), given[1]))));
        return Ordered(context, items, keys, given[0].IsTrue);
    }

    public static TemplateValue DictSort(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        TemplateValue[] given = arguments.Bind(context, "dictsort", 0, "case_sensitive", "by", "reverse");
        context.RequireDefined(value);
        if (value.Kind != TemplateKind.Dict)
        {
            throw context.Fail($"'dictsort' needs a mapping, not {value.Kind.Describe()}");
        }

        bool byValue = given[1] is { IsText: true, Text: "value" };
        if (!given[1].IsMissing && !byValue && given[1] is not { IsText: true, Text: "key" })
        {
            throw context.Fail("'dictsort' sorts by 'key' or by 'value'");
        }

        TemplateMap map = value.Map;
        context.AllocateItems(map.Count * 2L);
        var view = new TemplateMapView(map, MapPart.Items);
        TemplateValue[] items = [.. Enumerable.Range(0, map.Count).Select(view.At)];
        TemplateValue[] keys = Array.ConvertAll(byValue ? map.Values : map.Keys, key => Folded(context, key, given[0]));
        return Ordered(context, items, keys, given[2].IsTrue);
    }

    public static TemplateValue GroupBy(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        TemplateValue[] given = arguments.Bind(context, "groupby", 1, "attribute", "default", "case_sensitive");
        TemplateValue[] items = ItemCursor.Open(context, value).ToArray();
        TemplateValue[] keys = Array.ConvertAll(
            items, item => Folded(context, Attributes.Path(context, item, given[0], given[1]), given[2]));
        int[] order = Sorting.Sort(context, keys, reverse: false);
        var groups = new List<TemplateValue>();
        for (int from = 0, to; from < order.Length; from = to)
        {
            for (to = from + 1; to < order.Length && context.Comparer.Equals(keys[order[from]], keys[order[to]]); to++)
            {
            }

            TemplateValue[] members = Array.ConvertAll(order[from..to], at => items[at]);
            context.AllocateItems(members.Length + 2);
            groups.Add(TemplateValue.From(
                context.Checked(new TemplateGroup(Attributes.Path(context, members[0], given[0], given[1]), context.List(members)))));
        }

        return context.List([.. groups]);
    }

    public static IEnumerator<TemplateValue> Unique(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        TemplateValue[] given = arguments.Bind(context, "unique", 0, "case_sensitive", "attribute");
        var seen = new HashSet<TemplateValue>(context.Comparer);
        ItemCursor items = ItemCursor.Open(context, value);
        for (int i = 0; items.TryGet(i, out TemplateValue item); i++)
        {
            TemplateValue key = Folded(context, Attributes.Path(context, item, given[1]), given[0]);
            Comparison.RequireHashable(context, key);
            context.AllocateItems(3);
            if (seen.Add(key))
            {
                yield return item;
            }
        }
    }

    public static TemplateValue Extreme(RenderContext context, TemplateValue value, CallArguments arguments, bool wantsLargest)
    {
        TemplateValue[] given = arguments.Bind(context, wantsLargest ? "max" : "min", 0, "case_sensitive", "attribute");
        ItemCursor items = ItemCursor.Open(context, value);
        if (!items.TryGet(0, out TemplateValue best))
        {
            return Nothing;
        }

        TemplateValue bestKey = Folded(context, Attributes.Path(context, best, given[1]), given[0]);
        for (int i = 1; items.TryGet(i, out TemplateValue item); i++)
        {
            TemplateValue key = Folded(context, Attributes.Path(context, item, given[1]), given[0]);
            int? order = wantsLargest ? Comparison.Order(context, bestKey, key) : Comparison.Order(context, key, bestKey);
            if (order < 0)
            {
                (best, bestKey) = (item, key);
            }
        }

        return best;
    }

    private static TemplateValue Folded(RenderContext context, TemplateValue key, TemplateValue caseSensitive)
    {
        if (!key.IsText || caseSensitive.IsTrue)
        {
            return key;
        }

        context.Allocate(key.Text.Length);
        return TemplateValue.From(CaseMapping.ToLower(key.Text));
    }

    private static TemplateValue Ordered(RenderContext context, TemplateValue[] items, TemplateValue[] keys, bool reverse) =>
        context.List(Array.ConvertAll(Sorting.Sort(context, keys, reverse), at => items[at]));
}

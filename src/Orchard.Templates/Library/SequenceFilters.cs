using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library;

/// <summary>Filters that order, group and cut up items.</summary>
internal static class SequenceFilters
{
    private static readonly TemplateValue Nothing = TemplateValue.Undefined(new UndefinedReason("the sequence is empty"));

    public static TemplateValue Sort(Run run, TemplateValue value, CallArguments arguments)
    {
        TemplateValue[] given = arguments.Bind(run, "sort", 0, "reverse", "case_sensitive", "attribute");
        TemplateValue[] paths = given[2].IsText
            ? Array.ConvertAll(given[2].Text.Split(','), TemplateValue.From)
            : [given[2]];
        TemplateValue[] items = ItemCursor.Open(run, value).ToArray();
        TemplateValue[] keys = Array.ConvertAll(
            items, item => run.List(Array.ConvertAll(paths, path => Folded(run, Attributes.Path(run, item, path), given[1]))));
        return Ordered(run, items, keys, Kinds.IsTrue(given[0]));
    }

    public static TemplateValue DictSort(Run run, TemplateValue value, CallArguments arguments)
    {
        TemplateValue[] given = arguments.Bind(run, "dictsort", 0, "case_sensitive", "by", "reverse");
        Kinds.Defined(run, value);
        if (value.Kind != TemplateKind.Dict)
        {
            throw run.Fail($"'dictsort' needs a mapping, not {Kinds.Describe(value)}");
        }

        bool byValue = given[1] is { IsText: true, Text: "value" };
        if (!given[1].IsMissing && !byValue && given[1] is not { IsText: true, Text: "key" })
        {
            throw run.Fail("'dictsort' sorts by 'key' or by 'value'");
        }

        TemplateMap map = value.Map;
        run.AllocateItems(map.Count * 2L);
        var view = new TemplateMapView(map, MapPart.Items);
        TemplateValue[] items = [.. Enumerable.Range(0, map.Count).Select(view.At)];
        TemplateValue[] keys = Array.ConvertAll(byValue ? map.Values : map.Keys, key => Folded(run, key, given[0]));
        return Ordered(run, items, keys, Kinds.IsTrue(given[2]));
    }

    public static TemplateValue GroupBy(Run run, TemplateValue value, CallArguments arguments)
    {
        TemplateValue[] given = arguments.Bind(run, "groupby", 1, "attribute", "default", "case_sensitive");
        TemplateValue[] items = ItemCursor.Open(run, value).ToArray();
        TemplateValue[] keys = Array.ConvertAll(items, item => Folded(run, Attributes.Path(run, item, given[0], given[1]), given[2]));
        int[] order = Sorting.Sort(run, keys, reverse: false);
        var groups = new List<TemplateValue>();
        for (int from = 0, to; from < order.Length; from = to)
        {
            for (to = from + 1; to < order.Length && run.Comparer.Equals(keys[order[from]], keys[order[to]]); to++)
            {
            }

            TemplateValue[] members = Array.ConvertAll(order[from..to], at => items[at]);
            run.AllocateItems(members.Length + 2);
            groups.Add(TemplateValue.FromTuple(
                run.Checked(new TemplateGroup(Attributes.Path(run, members[0], given[0], given[1]), run.List(members)))));
        }

        return run.List([.. groups]);
    }

    public static IEnumerator<TemplateValue> Unique(Run run, TemplateValue value, CallArguments arguments)
    {
        TemplateValue[] given = arguments.Bind(run, "unique", 0, "case_sensitive", "attribute");
        var seen = new HashSet<TemplateValue>(run.Comparer);
        ItemCursor items = ItemCursor.Open(run, value);
        for (int i = 0; items.TryGet(i, out TemplateValue item); i++)
        {
            TemplateValue key = Folded(run, Attributes.Path(run, item, given[1]), given[0]);
            Operators.RequireHashable(run, key);
            run.AllocateItems(3);
            if (seen.Add(key))
            {
                yield return item;
            }
        }
    }

    public static TemplateValue Extreme(Run run, TemplateValue value, CallArguments arguments, bool wantsLargest)
    {
        TemplateValue[] given = arguments.Bind(run, wantsLargest ? "max" : "min", 0, "case_sensitive", "attribute");
        ItemCursor items = ItemCursor.Open(run, value);
        if (!items.TryGet(0, out TemplateValue best))
        {
            return Nothing;
        }

        TemplateValue bestKey = Folded(run, Attributes.Path(run, best, given[1]), given[0]);
        for (int i = 1; items.TryGet(i, out TemplateValue item); i++)
        {
            TemplateValue key = Folded(run, Attributes.Path(run, item, given[1]), given[0]);
            int? order = wantsLargest ? Operators.Order(run, bestKey, key) : Operators.Order(run, key, bestKey);
            if (order < 0)
            {
                (best, bestKey) = (item, key);
            }
        }

        return best;
    }

    public static IEnumerator<TemplateValue> Batch(Run run, TemplateValue value, CallArguments arguments)
    {
        TemplateValue[] given = arguments.Bind(run, "batch", 1, "linecount", "fill_with");
        long size = NumberFilters.Integer(run, given[0], "batch");
        var batch = new List<TemplateValue>();
        ItemCursor items = ItemCursor.Open(run, value);
        for (int i = 0; items.TryGet(i, out TemplateValue item); i++)
        {
            if (batch.Count == size)
            {
                yield return run.List([.. batch]);
                batch.Clear();
            }

            run.AllocateItems(1);
            batch.Add(item);
        }

        if (batch.Count > 0)
        {
            if (!given[1].IsMissing && !given[1].IsNone && batch.Count < size)
            {
                run.AllocateItems(size - batch.Count);
                batch.AddRange(Enumerable.Repeat(given[1], (int)size - batch.Count));
            }

            yield return run.List([.. batch]);
        }
    }

    public static IEnumerator<TemplateValue> Slice(Run run, TemplateValue value, CallArguments arguments)
    {
        TemplateValue[] given = arguments.Bind(run, "slice", 1, "slices", "fill_with");
        TemplateValue[] items = ItemCursor.Open(run, value).ToArray();
        long slices = NumberFilters.Integer(run, given[0], "slice");
        if (slices == 0)
        {
            throw run.Fail("'slice' makes no slices");
        }

        long size = items.Length / slices;
        long larger = items.Length % slices;
        long from = 0;
        for (long i = 0; i < slices; i++)
        {
            run.Step();
            long to = from + size + (i < larger ? 1 : 0);
            var slice = new List<TemplateValue>(items[(int)from..(int)to]);
            if (!given[1].IsMissing && !given[1].IsNone && i >= larger)
            {
                slice.Add(given[1]);
            }

            run.AllocateItems(slice.Count + 1);
            from = to;
            yield return run.List([.. slice]);
        }
    }

    private static TemplateValue Folded(Run run, TemplateValue key, TemplateValue caseSensitive)
    {
        if (!key.IsText || Kinds.IsTrue(caseSensitive))
        {
            return key;
        }

        run.Allocate(key.Text.Length);
        return TemplateValue.From(CaseMapping.ToLower(key.Text));
    }

    private static TemplateValue Ordered(Run run, TemplateValue[] items, TemplateValue[] keys, bool reverse) =>
        run.List(Array.ConvertAll(Sorting.Sort(run, keys, reverse), at => items[at]));
}

using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library.Filters;

/// <summary>Filters that divide items into groups of a size, or into a number of groups.</summary>
internal static class BatchFilters
{
    public static IEnumerator<TemplateValue> Batch(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        TemplateValue[] given = arguments.Bind(context, "batch", 1, "linecount", "fill_with");
        long size = ArgumentReader.ReadInteger(context, given[0], "batch");
        var batch = new List<TemplateValue>();
        ItemCursor items = ItemCursor.Open(context, value);
        for (int i = 0; items.TryGet(i, out TemplateValue item); i++)
        {
            if (batch.Count == size)
            {
                yield return context.List([.. batch]);
                batch.Clear();
            }

            context.AllocateItems(1);
            batch.Add(item);
        }

        if (batch.Count > 0)
        {
            if (!given[1].IsMissing && !given[1].IsNone && batch.Count < size)
            {
                context.AllocateItems(size - batch.Count);
                batch.AddRange(Enumerable.Repeat(given[1], (int)size - batch.Count));
            }

            yield return context.List([.. batch]);
        }
    }

    public static IEnumerator<TemplateValue> Slice(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        TemplateValue[] given = arguments.Bind(context, "slice", 1, "slices", "fill_with");
        TemplateValue[] items = ItemCursor.Open(context, value).ToArray();
        long slices = ArgumentReader.ReadInteger(context, given[0], "slice");
        if (slices == 0)
        {
            throw context.Fail("the number of slices of 'slice' is zero");
        }

        long size = items.Length / slices;
        long larger = items.Length % slices;
        long from = 0;
        for (long i = 0; i < slices; i++)
        {
            context.Step();
            long to = from + size + (i < larger ? 1 : 0);
            var slice = new List<TemplateValue>(items[(int)from..(int)to]);
            if (!given[1].IsMissing && !given[1].IsNone && i >= larger)
            {
                slice.Add(given[1]);
            }

            context.AllocateItems(slice.Count + 1);
            from = to;
            yield return context.List([.. slice]);
        }
    }
}

using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Operations;

/// <summary>Stable sorting by keys, as Python's <c>sorted()</c>.</summary>
internal static class Sorting
{
    /// <summary>Returns the indexes of the keys in sorted order.</summary>
    public static int[] Sort(RenderContext context, TemplateValue[] keys, bool reverse)
    {
        context.Spend(keys.Length);
        context.AllocateItems(keys.Length);
        var order = new int[keys.Length];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        var spare = new int[keys.Length];
        Merge(context, keys, order, spare, 0, order.Length, reverse);
        return order;
    }

    // A merge sort: Array.Sort is not stable, and it may skip the comparison that would find two values without an order.
    private static void Merge(RenderContext context, TemplateValue[] keys, int[] order, int[] spare, int from, int to, bool reverse)
    {
        if (to - from < 2)
        {
            return;
        }

        int middle = from + ((to - from) / 2);
        Merge(context, keys, order, spare, from, middle, reverse);
        Merge(context, keys, order, spare, middle, to, reverse);
        Array.Copy(order, from, spare, from, to - from);
        int left = from;
        int right = middle;
        for (int i = from; i < to; i++)
        {
            bool takesRight = left == middle
                || (right < to && IsLess(context, keys, reverse ? spare[left] : spare[right], reverse ? spare[right] : spare[left]));
            order[i] = takesRight ? spare[right++] : spare[left++];
        }
    }

    private static bool IsLess(RenderContext context, TemplateValue[] keys, int x, int y) =>
        Comparison.Order(context, keys[x], keys[y]) < 0;
}

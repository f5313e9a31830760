using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library;

/// <summary>Stable sorting by keys, as Python's <c>sorted</c>.</summary>
internal static class Sorting
{
    /// <summary>The positions of the keys in order.</summary>
    public static int[] Sort(Run run, TemplateValue[] keys, bool reverse)
    {
        run.Spend(keys.Length);
        run.AllocateItems(keys.Length);
        var order = new int[keys.Length];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        var spare = new int[keys.Length];
        Merge(run, keys, order, spare, 0, order.Length, reverse);
        return order;
    }

    // Our own: Array.Sort is not stable, and one that compares in any order may never see two kinds that have none.
    private static void Merge(Run run, TemplateValue[] keys, int[] order, int[] spare, int from, int to, bool reverse)
    {
        if (to - from < 2)
        {
            return;
        }

        int middle = from + ((to - from) / 2);
        Merge(run, keys, order, spare, from, middle, reverse);
        Merge(run, keys, order, spare, middle, to, reverse);
        Array.Copy(order, from, spare, from, to - from);
        int left = from;
        int right = middle;
        for (int i = from; i < to; i++)
        {
            bool takesRight = left == middle
                || (right < to && IsLess(run, keys, reverse ? spare[left] : spare[right], reverse ? spare[right] : spare[left]));
            order[i] = takesRight ? spare[right++] : spare[left++];
        }
    }

    private static bool IsLess(Run run, TemplateValue[] keys, int x, int y) => Operators.Order(run, keys[x], keys[y]) < 0;
}

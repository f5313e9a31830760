using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library.Methods;

/// <summary>The methods of Python's <c>list</c>, <c>tuple</c> and <c>range</c> that do not change them.</summary>
internal static class ListMethods
{
    public static TemplateValue Invoke(RenderContext context, TemplateValue receiver, string name, CallArguments arguments)
    {
        if (name == "copy")
        {
            arguments.RefuseAny(context, name);
            return receiver;
        }

        TemplateValue[] given = name == "count"
            ? arguments.Bind(context, name, 1, string.Empty)
            : arguments.Bind(context, name, 1, string.Empty, string.Empty, string.Empty);
        TemplateValue[] items = ItemCursor.Open(context, receiver).ToArray();
        if (name == "count")
        {
            return TemplateValue.From(items.LongCount(item => context.Comparer.Equals(item, given[0])));
        }

        int from = Bound(context, given[1], 0, items.Length);
        int to = Bound(context, given[2], items.Length, items.Length);
        for (int i = from; i < to; i++)
        {
            if (context.Comparer.Equals(items[i], given[0]))
            {
                return TemplateValue.From(i);
            }
        }

        throw context.Fail("'index' does not find the value");
    }

    private static int Bound(RenderContext context, TemplateValue value, int fallback, int count)
    {
        if (value.IsMissing)
        {
            return fallback;
        }

        long at = value.IsInteger ? value.Int : throw context.Fail("'index' needs integers as bounds");
        return (int)Math.Clamp(at < 0 ? at + count : at, 0, count);
    }
}

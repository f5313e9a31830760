using Orchard.Templates.Python;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Operations;

/// <summary>The comparison operators and <c>in</c>.</summary>
internal static class Comparison
{
    public static bool Compare(RenderContext context, ComparisonOperator operation, TemplateValue left, TemplateValue right)
    {
        switch (operation)
        {
            case ComparisonOperator.Equal:
                return context.Comparer.Equals(left, right);
            case ComparisonOperator.NotEqual:
                return !context.Comparer.Equals(left, right);
            case ComparisonOperator.In:
                return Contains(context, right, left);
            case ComparisonOperator.NotIn:
                return !Contains(context, right, left);
        }

        int? order = Order(context, left, right);
        return order is { } known && operation switch
        {
            ComparisonOperator.Less => known < 0,
            ComparisonOperator.LessOrEqual => known <= 0,
            ComparisonOperator.Greater => known > 0,
            _ => known >= 0,
        };
    }

    /// <summary>Returns the order of two values; null when one of them is NaN. Fails for kinds that cannot be ordered.</summary>
    public static int? Order(RenderContext context, TemplateValue left, TemplateValue right)
    {
        context.Step();
        if (left.IsNumber && right.IsNumber)
        {
            return NumberComparer.Compare(left, right);
        }

        if (left.IsText && right.IsText)
        {
            context.Scan(Math.Min(left.Text.Length, right.Text.Length));
            return PythonText.Compare(left.Text, right.Text);
        }

        if (left.IsSequence && left.Kind == right.Kind)
        {
            TemplateValue[] x = left.List.Items;
            TemplateValue[] y = right.List.Items;
            for (int i = 0; i < Math.Min(x.Length, y.Length); i++)
            {
                if (!context.Comparer.Equals(x[i], y[i]))
                {
                    return Order(context, x[i], y[i]);
                }
            }

            return x.Length.CompareTo(y.Length);
        }

        context.RequireDefined(left);
        context.RequireDefined(right);
        throw context.Fail($"{left.Kind.Describe()} and {right.Kind.Describe()} cannot be ordered");
    }

    public static bool Contains(RenderContext context, TemplateValue container, TemplateValue item)
    {
        switch (container.Kind)
        {
            case TemplateKind.String:
                if (!item.IsText)
                {
                    throw context.Fail($"'in' on a string needs a string, not {item.Kind.Describe()}");
                }

                context.Search(container.Text.Length, item.Text.Length);
                return container.Text.Contains(item.Text, StringComparison.Ordinal);
            case TemplateKind.Dict:
                RequireHashable(context, item);
                context.Spend(Math.Min(container.Map.Count, 8));
                return container.Map.TryGet(item, out _);
            default:
                ItemCursor cursor = ItemCursor.Open(context, container);
                for (int i = 0; cursor.TryGet(i, out TemplateValue candidate); i++)
                {
                    if (candidate.IsSame(item) || context.Comparer.Equals(candidate, item))
                    {
                        return true;
                    }
                }

                return false;
        }
    }

    /// <summary>Fails when the value cannot be a key of a mapping.</summary>
    public static void RequireHashable(RenderContext context, TemplateValue key)
    {
        if (!key.IsHashable)
        {
            throw context.Fail($"{key.Kind.Describe()} cannot be a key of a mapping");
        }
    }
}

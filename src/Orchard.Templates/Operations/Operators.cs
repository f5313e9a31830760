using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Operations;

/// <summary>The binary operators.</summary>
internal static class Operators
{
    public static TemplateValue Add(RenderContext context, TemplateValue left, TemplateValue right)
    {
        if (left.IsText && right.IsText)
        {
            string x = left.Text;
            string y = right.Text;
            bool safe = left.IsSafeText || right.IsSafeText;
            if (safe)
            {
                x = left.IsSafeText ? x : Markup.Escape(context, x);
                y = right.IsSafeText ? y : Markup.Escape(context, y);
            }

            context.Allocate((long)x.Length + y.Length);
            return TemplateValue.FromText(string.Concat(x, y), safe);
        }

        if (left.IsSequence && left.Kind == right.Kind)
        {
            context.AllocateItems((long)left.List.Count + right.List.Count);
            context.Spend((long)left.List.Count + right.List.Count);
            TemplateValue[] items = [.. left.List.Items, .. right.List.Items];
            return left.Kind == TemplateKind.List ? context.List(items) : context.Tuple(items);
        }

        return Arithmetic.Apply(context, BinaryOperator.Add, left, right);
    }

    public static TemplateValue Apply(RenderContext context, BinaryOperator operation, TemplateValue left, TemplateValue right) =>
        operation switch
        {
            BinaryOperator.Add => Add(context, left, right),
            BinaryOperator.Multiply when (left.IsText || left.IsSequence) && right.IsInteger => Repeat(context, left, right.Int),
            BinaryOperator.Multiply when (right.IsText || right.IsSequence) && left.IsInteger => Repeat(context, right, left.Int),
            BinaryOperator.Modulo when left.IsText => PercentFormat.Apply(context, left, right),
            _ => Arithmetic.Apply(context, operation, left, right),
        };

    private static TemplateValue Repeat(RenderContext context, TemplateValue value, long times)
    {
        times = Math.Max(times, 0);
        if (value.IsText)
        {
            long length = value.Text.Length == 0 ? 0 : Limited(context, times, value.Text.Length);
            context.Allocate(length);
            string text = length == 0 ? string.Empty : string.Concat(Enumerable.Repeat(value.Text, (int)times));
            return TemplateValue.FromText(text, value.IsSafeText);
        }

        TemplateValue[] source = value.List.Items;
        long count = source.Length == 0 ? 0 : Limited(context, times, source.Length);
        context.AllocateItems(count);
        context.Spend(count);
        var items = new TemplateValue[count];
        for (int at = 0; at < count; at += source.Length)
        {
            source.CopyTo(items, at);
        }

        return value.Kind == TemplateKind.List ? context.List(items) : context.Tuple(items);
    }

    private static long Limited(RenderContext context, long times, int length)
    {
        long total = times > int.MaxValue ? long.MaxValue / 16 : times * length;
        return total <= context.MaxOutputLength
            ? total
            : throw context.Fail($"'*' makes more than {context.MaxOutputLength} characters or items");
    }
}

using Orchard.Templates.Python;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Operations;

/// <summary><c>value[start:stop:step]</c>.</summary>
internal static class Slices
{
    /// <summary>Returns a slice. A start, stop or step that is missing or none has Python's default.</summary>
    public static TemplateValue Cut(RenderContext context, TemplateValue value, TemplateValue start, TemplateValue stop, TemplateValue step)
    {
        context.RequireDefined(value);
        if (value.Kind is not (TemplateKind.String or TemplateKind.List or TemplateKind.Tuple or TemplateKind.Range))
        {
            throw context.Fail($"{value.Kind.Describe()} cannot be sliced");
        }

        int length = context.LengthOf(value)!.Value;
        long stride = Bound(context, step) ?? 1;
        if (stride == 0)
        {
            throw context.Fail("the step of a slice is zero");
        }

        long first = Clamp(Bound(context, start), length, stride, atStart: true);
        long last = Clamp(Bound(context, stop), length, stride, atStart: false);
        long span = stride > 0 ? last - first : first - last;
        long size = Math.Abs((decimal)stride) > int.MaxValue ? int.MaxValue : Math.Abs(stride);
        int count = span <= 0 ? 0 : (int)((span + size - 1) / size);
        context.Spend(count / 8);
        return value.Kind switch
        {
            TemplateKind.String => SliceText(context, value, (int)first, stride, count),
            TemplateKind.Range => SliceRange((TemplateRange)value.Object, (int)first, (int)last, stride, count),
            TemplateKind.List => context.List(SliceItems(context, value.List.Items, (int)first, stride, count)),
            _ => context.Tuple(SliceItems(context, value.List.Items, (int)first, stride, count)),
        };
    }

    private static long? Bound(RenderContext context, TemplateValue value)
    {
        if (value.IsMissing || value.IsNone)
        {
            return null;
        }

        context.RequireDefined(value);
        return value.IsInteger ? value.Int : throw context.Fail($"a slice needs integers, not {value.Kind.Describe()}");
    }

    private static long Clamp(long? bound, int length, long step, bool atStart)
    {
        long low = step > 0 ? 0 : -1;
        long high = step > 0 ? length : length - 1;
        if (bound is not { } given)
        {
            return (step > 0) == atStart ? low : high;
        }

        // Far out of range in both directions, but small enough that the addition cannot overflow.
        given = Math.Clamp(given, -(long)int.MaxValue * 2, (long)int.MaxValue * 2);
        return Math.Clamp(given < 0 ? given + length : given, low, high);
    }

    private static TemplateValue SliceText(RenderContext context, TemplateValue value, int first, long step, int count)
    {
        string text = value.Text;
        context.Allocate(count);
        if (PythonText.IsPlain(text))
        {
            if (step == 1)
            {
                return TemplateValue.FromText(count == 0 ? string.Empty : text.Substring(first, count), value.IsSafeText);
            }

            var characters = new char[count];
            for (int i = 0; i < count; i++)
            {
                characters[i] = text[(int)(first + (i * step))];
            }

            return TemplateValue.FromText(new string(characters), value.IsSafeText);
        }

        string[] points = PythonText.Characters(text);
        context.AllocateItems(points.Length);
        return TemplateValue.FromText(
            string.Concat(Enumerable.Range(0, count).Select(i => points[(int)(first + (i * step))])), value.IsSafeText);
    }

    private static TemplateValue[] SliceItems(RenderContext context, TemplateValue[] source, int first, long step, int count)
    {
        context.AllocateItems(count);
        if (step == 1)
        {
            return source.AsSpan(count == 0 ? 0 : first, count).ToArray();
        }

        var items = new TemplateValue[count];
        for (int i = 0; i < count; i++)
        {
            items[i] = source[(int)(first + (i * step))];
        }

        return items;
    }

    private static TemplateValue SliceRange(TemplateRange range, int first, int last, long step, int count)
    {
        long stride = range.Step * Math.Clamp(step, -int.MaxValue, int.MaxValue);
        return TemplateValue.From(new TemplateRange(range.At(first), range.At(last), stride, count));
    }
}

using Orchard.Templates.Values;

namespace Orchard.Templates.Runtime;

/// <summary><c>value[start:stop:step]</c>.</summary>
internal static class Slices
{
    /// <param name="run">The rendering.</param>
    /// <param name="value">What is cut.</param>
    /// <param name="start">Missing or none: from the beginning.</param>
    /// <param name="stop">Missing or none: to the end.</param>
    /// <param name="step">Missing or none: 1.</param>
    public static TemplateValue Cut(Run run, TemplateValue value, TemplateValue start, TemplateValue stop, TemplateValue step)
    {
        Kinds.Defined(run, value);
        if (value.Kind is not (TemplateKind.String or TemplateKind.List or TemplateKind.Tuple or TemplateKind.Range))
        {
            throw run.Fail($"{Kinds.Describe(value)} cannot be sliced");
        }

        int length = Kinds.Length(run, value)!.Value;
        long stride = Bound(run, step) ?? 1;
        if (stride == 0)
        {
            throw run.Fail("the step of a slice is zero");
        }

        long first = Place(Bound(run, start), length, stride, atStart: true);
        long last = Place(Bound(run, stop), length, stride, atStart: false);
        long span = stride > 0 ? last - first : first - last;
        long size = Math.Abs((decimal)stride) > int.MaxValue ? int.MaxValue : Math.Abs(stride);
        int count = span <= 0 ? 0 : (int)((span + size - 1) / size);
        run.Spend(count / 8);
        return value.Kind switch
        {
            TemplateKind.String => OfText(run, value, (int)first, stride, count),
            TemplateKind.Range => OfRange((TemplateRange)value.Reference, (int)first, (int)last, stride, count),
            TemplateKind.List => run.List(OfItems(run, value.List.Items, (int)first, stride, count)),
            _ => run.Tuple(OfItems(run, value.List.Items, (int)first, stride, count)),
        };
    }

    private static long? Bound(Run run, TemplateValue value)
    {
        if (value.IsMissing || value.IsNone)
        {
            return null;
        }

        Kinds.Defined(run, value);
        return value.IsInteger ? value.Int : throw run.Fail($"a slice needs integers, not {Kinds.Describe(value)}");
    }

    private static long Place(long? bound, int length, long step, bool atStart)
    {
        long low = step > 0 ? 0 : -1;
        long high = step > 0 ? length : length - 1;
        if (bound is not { } given)
        {
            return (step > 0) == atStart ? low : high;
        }

        // Far out of range both ways, and safe to add to.
        given = Math.Clamp(given, -(long)int.MaxValue * 2, (long)int.MaxValue * 2);
        return Math.Clamp(given < 0 ? given + length : given, low, high);
    }

    private static TemplateValue OfText(Run run, TemplateValue value, int first, long step, int count)
    {
        string text = value.Text;
        run.Allocate(count);
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
        run.AllocateItems(points.Length);
        return TemplateValue.FromText(
            string.Concat(Enumerable.Range(0, count).Select(i => points[(int)(first + (i * step))])), value.IsSafeText);
    }

    private static TemplateValue[] OfItems(Run run, TemplateValue[] source, int first, long step, int count)
    {
        run.AllocateItems(count);
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

    private static TemplateValue OfRange(TemplateRange range, int first, int last, long step, int count)
    {
        long stride = range.Step * Math.Clamp(step, -int.MaxValue, int.MaxValue);
        return TemplateValue.From(new TemplateRange(range.At(first), range.At(last), stride, count));
    }
}

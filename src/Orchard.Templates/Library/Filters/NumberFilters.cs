using Orchard.Templates.Operations;
using Orchard.Templates.Python;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library.Filters;

/// <summary>Filters that return numbers.</summary>
internal static class NumberFilters
{
    private const double TwoTo63 = 9223372036854775808.0;

    public static TemplateValue Abs(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        arguments.RefuseAny(context, "abs");
        return value switch
        {
            { IsInteger: true, Int: long.MinValue } => throw NumberErrors.TooLarge(context),
            { IsInteger: true } => TemplateValue.From(Math.Abs(value.Int)),
            { Kind: TemplateKind.Float } => TemplateValue.From(Math.Abs(value.Float)),
            _ => throw context.Fail($"'abs' needs a number, not {value.Kind.Describe()}"),
        };
    }

    public static TemplateValue Int(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        TemplateValue[] given = arguments.Bind(context, "int", 0, "default", "base");
        TemplateValue fallback = given[0].IsMissing ? TemplateValue.From(0) : given[0];
        context.RequireDefined(value);
        switch (value.Kind)
        {
            case TemplateKind.Bool or TemplateKind.Int:
                return TemplateValue.From(value.Int);
            case TemplateKind.Float:
                return double.IsNaN(value.Float) ? fallback : Truncated(context, value.Float);
            case TemplateKind.String:
                long radix = given[1].IsMissing ? 10 : ArgumentReader.ReadInteger(context, given[1], "int");
                if (radix is 0 or (>= 2 and <= 36) && PythonNumber.TryParseInteger(value.Text, (int)radix, out long whole))
                {
                    return TemplateValue.From(whole);
                }

                return PythonNumber.TryParseFloat(value.Text, out double number) && double.IsFinite(number)
                    ? Truncated(context, number)
                    : fallback;
            default:
                return fallback;
        }
    }

    public static TemplateValue Float(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        TemplateValue fallback = arguments.Bind(context, "float", 0, "default")[0];
        context.RequireDefined(value);
        if (value.IsNumber)
        {
            return TemplateValue.From(value.Number);
        }

        return value.IsText && PythonNumber.TryParseFloat(value.Text, out double number) ? TemplateValue.From(number)
            : fallback.IsMissing ? TemplateValue.From(0.0) : fallback;
    }

    public static TemplateValue Round(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        TemplateValue[] given = arguments.Bind(context, "round", 0, "precision", "method");
        string method = given[1].IsMissing ? "common" : given[1].IsText ? given[1].Text : string.Empty;
        long precision = given[0].IsMissing ? 0 : ArgumentReader.ReadInteger(context, given[0], "round");
        context.RequireDefined(value);
        if (!value.IsNumber || method is not ("common" or "ceil" or "floor"))
        {
            throw context.Fail("'round' needs a number and 'common', 'ceil' or 'floor'");
        }

        int digits = (int)Math.Clamp(precision, -400, 400);
        if (method == "common")
        {
            return value.IsInteger
                ? TemplateValue.From(Rounded(context, value.Int, digits))
                : TemplateValue.From(FloatFormat.Round(value.Float, digits));
        }

        double scale = Math.Pow(10, digits);
        double scaled = value.Number * scale;
        return double.IsFinite(scaled)
            ? TemplateValue.From((method == "ceil" ? Math.Ceiling(scaled) : Math.Floor(scaled)) / scale)
            : throw NumberErrors.TooLarge(context);
    }

    public static TemplateValue Sum(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        TemplateValue[] given = arguments.Bind(context, "sum", 0, "attribute", "start");
        TemplateValue sum = given[1].IsMissing ? TemplateValue.From(0) : given[1];
        if (sum.IsText)
        {
            throw context.Fail("'sum' cannot add strings; use 'join'");
        }

        ItemCursor items = ItemCursor.Open(context, value);
        for (int i = 0; items.TryGet(i, out TemplateValue item); i++)
        {
            sum = Operators.Add(context, sum, Attributes.Path(context, item, given[0]));
        }

        return sum;
    }

    private static TemplateValue Truncated(RenderContext context, double value)
    {
        double whole = Math.Truncate(value);
        return whole is >= -TwoTo63 and < TwoTo63 ? TemplateValue.From((long)whole) : throw NumberErrors.TooLarge(context);
    }

    private static long Rounded(RenderContext context, long value, int digits)
    {
        if (digits >= 0)
        {
            return value;
        }

        if (digits < -19)
        {
            return 0;
        }

        var scale = (Int128)Math.Pow(10, -digits);
        Int128 down = (Int128)value / scale * scale;
        down -= down > value ? scale : 0;
        Int128 rest = value - down;
        bool up = rest * 2 > scale || (rest * 2 == scale && !Int128.IsEvenInteger(down / scale));
        Int128 rounded = up ? down + scale : down;
        return rounded <= long.MaxValue && rounded >= long.MinValue ? (long)rounded : throw NumberErrors.TooLarge(context);
    }
}

using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library;

/// <summary>Filters that make numbers.</summary>
internal static class NumberFilters
{
    private const double TwoTo63 = 9223372036854775808.0;

    public static long Integer(Run run, TemplateValue value, string filter)
    {
        Kinds.Defined(run, value);
        return value.IsInteger ? value.Int : throw run.Fail($"'{filter}' needs an integer, not {Kinds.Describe(value)}");
    }

    public static TemplateValue Abs(Run run, TemplateValue value, CallArguments arguments)
    {
        arguments.RefuseAny(run, "abs");
        return value switch
        {
            { IsInteger: true, Int: long.MinValue } => throw TooLarge(run),
            { IsInteger: true } => TemplateValue.From(Math.Abs(value.Int)),
            { Kind: TemplateKind.Float } => TemplateValue.From(Math.Abs(value.Float)),
            _ => throw run.Fail($"'abs' needs a number, not {Kinds.Describe(value)}"),
        };
    }

    public static TemplateValue Int(Run run, TemplateValue value, CallArguments arguments)
    {
        TemplateValue[] given = arguments.Bind(run, "int", 0, "default", "base");
        TemplateValue fallback = given[0].IsMissing ? TemplateValue.From(0) : given[0];
        Kinds.Defined(run, value);
        switch (value.Kind)
        {
            case TemplateKind.Bool or TemplateKind.Int:
                return TemplateValue.From(value.Int);
            case TemplateKind.Float:
                return double.IsNaN(value.Float) ? fallback : Truncated(run, value.Float);
            case TemplateKind.String:
                long radix = given[1].IsMissing ? 10 : Integer(run, given[1], "int");
                if (radix is 0 or (>= 2 and <= 36) && PythonNumber.TryParseInteger(value.Text, (int)radix, out long whole))
                {
                    return TemplateValue.From(whole);
                }

                return PythonNumber.TryParseFloat(value.Text, out double number) && double.IsFinite(number) ? Truncated(run, number) : fallback;
            default:
                return fallback;
        }
    }

    public static TemplateValue Float(Run run, TemplateValue value, CallArguments arguments)
    {
        TemplateValue fallback = arguments.Bind(run, "float", 0, "default")[0];
        Kinds.Defined(run, value);
        if (value.IsNumber)
        {
            return TemplateValue.From(value.Number);
        }

        return value.IsText && PythonNumber.TryParseFloat(value.Text, out double number) ? TemplateValue.From(number)
            : fallback.IsMissing ? TemplateValue.From(0.0) : fallback;
    }

    public static TemplateValue Round(Run run, TemplateValue value, CallArguments arguments)
    {
        TemplateValue[] given = arguments.Bind(run, "round", 0, "precision", "method");
        string method = given[1].IsMissing ? "common" : given[1].IsText ? given[1].Text : string.Empty;
        long precision = given[0].IsMissing ? 0 : Integer(run, given[0], "round");
        Kinds.Defined(run, value);
        if (!value.IsNumber || method is not ("common" or "ceil" or "floor"))
        {
            throw run.Fail("'round' needs a number and 'common', 'ceil' or 'floor'");
        }

        int digits = (int)Math.Clamp(precision, -400, 400);
        if (method == "common")
        {
            return value.IsInteger ? TemplateValue.From(Rounded(run, value.Int, digits)) : TemplateValue.From(FloatFormat.Round(value.Float, digits));
        }

        double scale = Math.Pow(10, digits);
        double scaled = value.Number * scale;
        return double.IsFinite(scaled)
            ? TemplateValue.From((method == "ceil" ? Math.Ceiling(scaled) : Math.Floor(scaled)) / scale)
            : throw TooLarge(run);
    }

    public static TemplateValue Sum(Run run, TemplateValue value, CallArguments arguments)
    {
        TemplateValue[] given = arguments.Bind(run, "sum", 0, "attribute", "start");
        TemplateValue sum = given[1].IsMissing ? TemplateValue.From(0) : given[1];
        if (sum.IsText)
        {
            throw run.Fail("'sum' adds no strings; 'join' does");
        }

        ItemCursor items = ItemCursor.Open(run, value);
        for (int i = 0; items.TryGet(i, out TemplateValue item); i++)
        {
            sum = Operators.Add(run, sum, Attributes.Path(run, item, given[0]));
        }

        return sum;
    }

    private static TemplateValue Truncated(Run run, double value)
    {
        double whole = Math.Truncate(value);
        return whole is >= -TwoTo63 and < TwoTo63 ? TemplateValue.From((long)whole) : throw TooLarge(run);
    }

    private static long Rounded(Run run, long value, int digits)
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
        return rounded <= long.MaxValue && rounded >= long.MinValue ? (long)rounded : throw TooLarge(run);
    }

    private static TemplateException TooLarge(Run run) => run.Fail("a number does not fit in 64 bits");
}

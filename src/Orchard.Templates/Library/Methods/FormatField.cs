using System.Globalization;
using Orchard.Templates.Limits;
using Orchard.Templates.Operations;
using Orchard.Templates.Python;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library.Methods;

/// <summary>Formats one value by a format specification, as Python's <c>format()</c>.</summary>
internal static class FormatField
{
    /// <summary>Appends the value. An empty specification formats it as <c>str()</c>.</summary>
    public static void Append(RenderContext context, TextBuffer text, TemplateValue value, string specification)
    {
        if (specification.Length == 0)
        {
            text.Append(Printer.Str(context, value));
            return;
        }

        if (!value.IsNumber && !value.IsText)
        {
            throw context.Fail($"{value.Kind.Describe()} cannot be formatted with a format specification");
        }

        FormatSpec spec = FormatSpec.Parse(context, specification, value.IsText);
        if (value.IsText)
        {
            AppendText(context, text, value.Text, spec);
            return;
        }

        (bool negative, string digits) = value.IsInteger && spec.Type is '\0' or 'd' or 'n' or 'x' or 'X' or 'o' or 'b' or 'c'
            ? IntegerDigits(context, value, spec)
            : FloatDigits(context, value.Number, spec);
        string sign = negative ? "-" : spec.Sign == '-' ? string.Empty : spec.Sign.ToString();
        Pad(text, sign, Group(digits, spec.Grouping), spec, '>');
    }

    private static void AppendText(RenderContext context, TextBuffer text, string value, FormatSpec spec)
    {
        if (spec.Type is not ('\0' or 's') || spec.Sign != '-' || spec.Grouping != '\0' || spec.IsAlternate)
        {
            throw spec.Unsuitable(context);
        }

        string cut = spec.Precision is { } length && length < PythonText.Length(value)
            ? value[..PythonText.OffsetOf(value, length)]
            : value;
        if (spec.Align == '=' && cut.Length == 0)
        {
            throw context.Fail("the alignment '=' is for numbers only");
        }

        Pad(text, string.Empty, cut, spec, '<');
    }

    private static (bool Negative, string Digits) IntegerDigits(RenderContext context, TemplateValue value, FormatSpec spec)
    {
        if (spec.Precision is not null)
        {
            throw spec.Unsuitable(context);
        }

        var magnitude = (UInt128)(value.Int < 0 ? -(Int128)value.Int : value.Int);
        return (value.Int < 0, spec.Type switch
        {
            'x' => (spec.IsAlternate ? "0x" : string.Empty) + magnitude.ToString("x", CultureInfo.InvariantCulture),
            'X' => (spec.IsAlternate ? "0X" : string.Empty) + magnitude.ToString("X", CultureInfo.InvariantCulture),
            'o' => (spec.IsAlternate ? "0o" : string.Empty) + Convert.ToString((long)magnitude, 8),
            'b' => (spec.IsAlternate ? "0b" : string.Empty) + magnitude.ToString("b", CultureInfo.InvariantCulture),
            'c' => throw spec.Unsuitable(context),
            _ => magnitude.ToString(CultureInfo.InvariantCulture),
        });
    }

    private static (bool Negative, string Digits) FloatDigits(RenderContext context, double number, FormatSpec spec)
    {
        bool negative = double.IsNegative(number) && !double.IsNaN(number);
        double size = Math.Abs(number);
        return (negative, spec.Type switch
        {
            '\0' => spec.Precision is { } digits ? FloatFormat.Pointed(size, digits) : NumberText.Repr(size),
            'f' or 'F' or 'e' or 'E' or 'g' or 'G' => FloatFormat.Format(size, spec.Type, spec.Precision ?? 6, spec.IsAlternate),
            '%' => FloatFormat.Format(size * 100, 'f', spec.Precision ?? 6, spec.IsAlternate) + "%",
            _ => throw spec.Unsuitable(context),
        });
    }

    private static string Group(string digits, char separator)
    {
        if (separator == '\0')
        {
            return digits;
        }

        int whole = 0;
        while (whole < digits.Length && char.IsAsciiDigit(digits[whole]))
        {
            whole++;
        }

        string grouped = digits[..whole];
        for (int i = whole - 3; i > 0; i -= 3)
        {
            grouped = grouped.Insert(i, separator.ToString());
        }

        return grouped + digits[whole..];
    }

    private static void Pad(TextBuffer text, string sign, string body, FormatSpec spec, char defaultAlign)
    {
        char align = spec.Align == '\0' ? defaultAlign : spec.Align;
        int missing = Math.Max(spec.Width - sign.Length - PythonText.Length(body), 0);
        int before = align switch { '>' => missing, '^' => missing / 2, _ => 0 };
        text.Append(spec.Fill, before);
        text.Append(sign);
        text.Append(spec.Fill, align == '=' ? missing : 0);
        text.Append(body);
        text.Append(spec.Fill, align == '=' ? 0 : missing - before);
    }
}

using System.Globalization;
using Orchard.Templates.Limits;
using Orchard.Templates.Python;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Operations;

/// <summary>The <c>%</c> operator on strings, such as <c>'%s is %5.2f' % values</c>.</summary>
internal sealed class PercentFormat
{
    private const int MaxWidth = 100_000;

    private readonly RenderContext _context;
    private readonly TextBuffer _text;
    private readonly bool _isSafe;
    private readonly TemplateValue _values;
    private int _next;

    private PercentFormat(RenderContext context, bool isSafe, TemplateValue values)
    {
        _context = context;
        _isSafe = isSafe;
        _values = values;
        _text = context.RentBuffer();
    }

    public static TemplateValue Apply(RenderContext context, TemplateValue format, TemplateValue values)
    {
        var formatter = new PercentFormat(context, format.IsSafeText, values);
        formatter.Write(format.Text);
        return TemplateValue.FromText(context.TakeText(formatter._text), format.IsSafeText);
    }

    private void Write(string format)
    {
        for (int i = 0; i < format.Length; i++)
        {
            int literal = format.IndexOf('%', i);
            literal = literal < 0 ? format.Length : literal;
            _text.Append(format.AsSpan(i, literal - i));
            i = literal;
            if (i < format.Length)
            {
                i = WriteField(format, i + 1);
            }
        }

        int count = _values.Kind == TemplateKind.Tuple ? _values.List.Count : 1;
        if (_next < count && _values.Kind is not (TemplateKind.Dict or TemplateKind.List or TemplateKind.Range or TemplateKind.Undefined))
        {
            throw _context.Fail("'%' has more values than the format has conversions");
        }
    }

    private int WriteField(string format, int at)
    {
        TemplateValue? named = null;
        if (at < format.Length && format[at] == '(')
        {
            int end = format.IndexOf(')', at);
            if (end < 0 || _values.Kind != TemplateKind.Dict
                || !_values.Map.TryGet(TemplateValue.From(format[(at + 1)..end]), out TemplateValue value))
            {
                throw _context.Fail("'%' with a named conversion needs a mapping that contains the name");
            }

            _next = int.MaxValue;
            named = value;
            at = end + 1;
        }

        int flags = at;
        while (at < format.Length && format[at] is '-' or '+' or ' ' or '#' or '0')
        {
            at++;
        }

        string given = format[flags..at];
        int width = ReadNumber(format, ref at);
        if (width < 0)
        {
            given += "-";
            width = -width;
        }

        int precision = -1;
        if (at < format.Length && format[at] == '.')
        {
            at++;
            precision = Math.Max(ReadNumber(format, ref at), 0);
        }

        while (at < format.Length && format[at] is 'l' or 'h' or 'L')
        {
            at++;
        }

        if (at >= format.Length)
        {
            throw _context.Fail("a conversion after '%' is incomplete");
        }

        char type = format[at];
        if (type == '%')
        {
            _text.Append('%');
            return at;
        }

        bool isNumber = "diuxXofFeEgG".Contains(type, StringComparison.Ordinal);
        Pad(Convert(type, named ?? Take(), given, precision), given, width, isNumber);
        return at;
    }

    private int ReadNumber(string format, ref int at)
    {
        if (at < format.Length && format[at] == '*')
        {
            at++;
            TemplateValue value = Take();
            return value.IsInteger && value.Int is >= -MaxWidth and <= MaxWidth
                ? (int)value.Int
                : throw _context.Fail($"a width of '*' needs an integer of at most {MaxWidth}");
        }

        int number = 0;
        for (; at < format.Length && char.IsAsciiDigit(format[at]); at++)
        {
            number = (number * 10) + (format[at] - '0');
            if (number > MaxWidth)
            {
                throw _context.Fail($"a width in a format is greater than {MaxWidth}");
            }
        }

        return number;
    }

    private TemplateValue Take()
    {
        if (_values.Kind == TemplateKind.Tuple)
        {
            return _next < _values.List.Count ? _values.List.Items[_next++] : throw TooFew();
        }

        return _next++ == 0 ? _values : throw TooFew();
    }

    private TemplateException TooFew() => _context.Fail("'%' has fewer values than the format has conversions");

    private string Convert(char type, TemplateValue value, string flags, int precision)
    {
        switch (type)
        {
            case 's' or 'r' or 'a':
                string text = type == 's' ? Printer.Str(_context, value) : Printer.Repr(_context, value);
                if (_isSafe && !value.IsSafeText && !value.IsNumber)
                {
                    text = Markup.Escape(_context, text);
                }

                return precision >= 0 && precision < PythonText.Length(text) ? text[..PythonText.OffsetOf(text, precision)] : text;
            case 'c':
                return value switch
                {
                    { IsInteger: true, Int: >= 0 and <= 0x10FFFF } => char.ConvertFromUtf32((int)value.Int),
                    { IsText: true } when PythonText.Length(value.Text) == 1 => value.Text,
                    _ => throw _context.Fail("'%c' needs one character"),
                };
            case 'd' or 'i' or 'u':
                RequireNumber(type, value);
                return Signed(WholePart(value), flags, precision, 10, flags.Contains('#', StringComparison.Ordinal), false);
            case 'x' or 'X' or 'o':
                if (!value.IsInteger)
                {
                    throw _context.Fail($"'%{type}' needs an integer, not {value.Kind.Describe()}");
                }

                bool isPrefixed = flags.Contains('#', StringComparison.Ordinal);
                return Signed(value.Int, flags, precision, type == 'o' ? 8 : 16, isPrefixed, type == 'X');
            case 'f' or 'F' or 'e' or 'E' or 'g' or 'G':
                RequireNumber(type, value);
                double number = value.Number;
                bool alternate = flags.Contains('#', StringComparison.Ordinal);
                string digits = FloatFormat.Format(Math.Abs(number), type, precision < 0 ? 6 : precision, alternate);
                return Sign(double.IsNegative(number) && !double.IsNaN(number), flags) + digits;
            default:
                throw _context.Fail($"'%{type}' is not a conversion");
        }
    }

    private void RequireNumber(char type, TemplateValue value)
    {
        if (!value.IsNumber)
        {
            throw _context.Fail($"'%{type}' needs a number, not {value.Kind.Describe()}");
        }
    }

    private long WholePart(TemplateValue value)
    {
        if (value.IsInteger)
        {
            return value.Int;
        }

        double whole = Math.Truncate(value.Float);
        return Math.Abs(whole) < 9.2e18 ? (long)whole : throw _context.Fail("a number does not fit in 64 bits");
    }

    private static string Signed(long value, string flags, int precision, int radix, bool prefixed, bool upper)
    {
        var magnitude = (UInt128)(value < 0 ? -(Int128)value : value);
        string digits = radix switch
        {
            10 => magnitude.ToString(CultureInfo.InvariantCulture),
            16 => magnitude.ToString(upper ? "X" : "x", CultureInfo.InvariantCulture),
            _ => System.Convert.ToString((long)magnitude, 8),
        };
        digits = digits.PadLeft(Math.Max(precision, 0), '0');
        string prefix = !prefixed ? string.Empty : radix switch { 16 => upper ? "0X" : "0x", 8 => "0o", _ => string.Empty };
        return Sign(value < 0, flags) + prefix + digits;
    }

    private static string Sign(bool negative, string flags) => negative ? "-"
        : flags.Contains('+', StringComparison.Ordinal) ? "+"
        : flags.Contains(' ', StringComparison.Ordinal) ? " " : string.Empty;

    private void Pad(string text, string flags, int width, bool isNumber)
    {
        int missing = width - PythonText.Length(text);
        if (missing <= 0)
        {
            _text.Append(text);
        }
        else if (flags.Contains('-', StringComparison.Ordinal))
        {
            _text.Append(text);
            _text.Append(' ', missing);
        }
        else if (isNumber && flags.Contains('0', StringComparison.Ordinal) && !text.Contains('n', StringComparison.OrdinalIgnoreCase))
        {
            int sign = text.Length > 0 && text[0] is '-' or '+' or ' ' ? 1 : 0;
            ReadOnlySpan<char> digits = text.AsSpan(sign);
            bool isPrefixed = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
                || digits.StartsWith("0o", StringComparison.Ordinal);
            sign += isPrefixed ? 2 : 0;
            _text.Append(text.AsSpan(0, sign));
            _text.Append('0', missing);
            _text.Append(text.AsSpan(sign));
        }
        else
        {
            _text.Append(' ', missing);
            _text.Append(text);
        }
    }
}

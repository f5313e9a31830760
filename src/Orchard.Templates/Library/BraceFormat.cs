using System.Globalization;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library;

/// <summary><c>'{} and {name:>8}'.format(…)</c>.</summary>
internal sealed class BraceFormat
{
    private const int MaxWidth = 100_000;

    private readonly Run _run;
    private readonly CallArguments _arguments;
    private readonly TextBuffer _text;
    private int _next;
    private bool? _numbered;

    private BraceFormat(Run run, CallArguments arguments)
    {
        _run = run;
        _arguments = arguments;
        _text = run.RentBuffer();
    }

    public static TemplateValue Apply(Run run, string format, CallArguments arguments)
    {
        var formatter = new BraceFormat(run, arguments);
        formatter.Write(format, formatter._text, 0);
        return TemplateValue.From(run.TakeText(formatter._text));
    }

    private void Write(string format, TextBuffer text, int depth)
    {
        if (depth > 1)
        {
            throw _run.Fail("the fields of a format nest too deep");
        }

        for (int i = 0; i < format.Length; i++)
        {
            char value = format[i];
            bool doubled = i + 1 < format.Length && format[i + 1] == value;
            if (value is '{' or '}' && doubled)
            {
                text.Append(value);
                i++;
            }
            else if (value == '{')
            {
                int end = FindEnd(format, i);
                WriteField(format[(i + 1)..end], text, depth);
                i = end;
            }
            else if (value == '}')
            {
                throw _run.Fail("a format has a '}' without '{'");
            }
            else
            {
                text.Append(value);
            }
        }
    }

    private int FindEnd(string format, int start)
    {
        int open = 0;
        for (int i = start; i < format.Length; i++)
        {
            open += format[i] switch { '{' => 1, '}' => -1, _ => 0 };
            if (open == 0)
            {
                return i;
            }
        }

        throw _run.Fail("a format has a '{' without '}'");
    }

    private void WriteField(string field, TextBuffer text, int depth)
    {
        int colon = -1;
        int brackets = 0;
        int conversion = -1;
        for (int i = 0; i < field.Length && colon < 0; i++)
        {
            brackets += field[i] switch { '[' => 1, ']' => -1, _ => 0 };
            if (brackets == 0 && field[i] == ':')
            {
                colon = i;
            }
            else if (brackets == 0 && field[i] == '!' && conversion < 0)
            {
                conversion = i;
            }
        }

        int nameEnd = conversion >= 0 ? conversion : colon >= 0 ? colon : field.Length;
        TemplateValue value = Find(field[..nameEnd]);
        string spec = string.Empty;
        if (colon >= 0)
        {
            TextBuffer nested = _run.RentBuffer();
            Write(field[(colon + 1)..], nested, depth + 1);
            spec = _run.TakeText(nested);
        }

        if (conversion >= 0)
        {
            value = field[(conversion + 1)..(colon >= 0 ? colon : field.Length)] switch
            {
                "s" => TemplateValue.From(Printer.Str(_run, value)),
                "r" => TemplateValue.From(Printer.Repr(_run, value)),
                _ => throw _run.Fail("a format has a conversion other than 's' and 'r'"),
            };
        }

        Format(value, spec, text);
    }

    private TemplateValue Find(string name)
    {
        int end = name.AsSpan().IndexOfAny('.', '[');
        string first = end < 0 ? name : name[..end];
        TemplateValue value = First(first);
        for (int i = first.Length; i < name.Length;)
        {
            if (name[i] == '.')
            {
                int next = name.AsSpan(i + 1).IndexOfAny('.', '[');
                string attribute = next < 0 ? name[(i + 1)..] : name.Substring(i + 1, next);
                value = Attributes.Get(_run, value, attribute, UndefinedReason.Attribute(attribute));
                i = next < 0 ? name.Length : i + 1 + next;
                continue;
            }

            int close = name.IndexOf(']', i);
            if (name[i] != '[' || close < 0)
            {
                throw _run.Fail("a field of a format is not complete");
            }

            string key = name[(i + 1)..close];
            value = Attributes.Item(
                _run, value, PythonNumber.TryParseInteger(key, 10, out long index) ? TemplateValue.From(index) : TemplateValue.From(key));
            i = close + 1;
        }

        return value;
    }

    private TemplateValue First(string name)
    {
        bool isNumber = name.Length > 0 && name.All(char.IsAsciiDigit);
        if (name.Length > 0 && !isNumber)
        {
            foreach (NamedArgument argument in _arguments.Named)
            {
                if (argument.Name == name)
                {
                    return argument.Value;
                }
            }

            throw _run.Fail($"'format' is not given '{name}'");
        }

        if (_numbered is { } numbered && numbered != isNumber)
        {
            throw _run.Fail("a format numbers some fields and not others");
        }

        _numbered = isNumber;
        long at = isNumber ? PythonNumber.TryParseInteger(name, 10, out long given) ? given : long.MaxValue : _next++;
        return at < _arguments.Positional.Length ? _arguments.Positional[at] : throw _run.Fail("'format' is given too few values");
    }

    private void Format(TemplateValue value, string spec, TextBuffer text)
    {
        if (spec.Length == 0)
        {
            text.Append(Printer.Str(_run, value));
            return;
        }

        if (!value.IsNumber && !value.IsText)
        {
            throw _run.Fail($"a format of {Kinds.Describe(value)} takes no specification");
        }

        (char fill, char align, string rest) = ReadAlignment(spec);
        int at = 0;
        char sign = at < rest.Length && rest[at] is '+' or '-' or ' ' ? rest[at++] : '-';
        bool alternate = at < rest.Length && rest[at] == '#' && at++ >= 0;
        if (at < rest.Length && rest[at] == '0')
        {
            at++;
            fill = align == '\0' ? '0' : fill;
            align = align == '\0' && !value.IsText ? '=' : align;
        }

        int width = ReadNumber(rest, ref at) ?? 0;
        char grouping = at < rest.Length && rest[at] is ',' or '_' ? rest[at++] : '\0';
        int? precision = null;
        if (at < rest.Length && rest[at] == '.')
        {
            at++;
            precision = ReadNumber(rest, ref at) ?? throw Bad(spec);
        }

        char type = at < rest.Length ? rest[at++] : '\0';
        if (at < rest.Length)
        {
            throw Bad(spec);
        }

        if (value.IsText)
        {
            if (type is not ('\0' or 's') || sign != '-' || grouping != '\0' || alternate)
            {
                throw Bad(spec);
            }

            string cut = precision is { } length && length < PythonText.Length(value.Text)
                ? value.Text[..PythonText.OffsetOf(value.Text, length)]
                : value.Text;
            Pad(text, string.Empty, cut, fill, align == '\0' ? '<' : align, width);
            return;
        }

        (bool negative, string digits) = Digits(value, type, precision, alternate, spec);
        string mark = negative ? "-" : sign == '-' ? string.Empty : sign.ToString();
        Pad(text, mark, Group(digits, grouping), fill, align == '\0' ? '>' : align, width);
    }

    private (bool Negative, string Digits) Digits(TemplateValue value, char type, int? precision, bool alternate, string spec)
    {
        if (value.IsInteger && type is '\0' or 'd' or 'n' or 'x' or 'X' or 'o' or 'b' or 'c')
        {
            if (!value.IsInteger || precision is not null)
            {
                throw Bad(spec);
            }

            if (value.Kind == TemplateKind.Bool && type == '\0')
            {
                type = 'd';
            }

            var magnitude = (UInt128)(value.Int < 0 ? -(Int128)value.Int : value.Int);
            return (value.Int < 0, type switch
            {
                'x' => (alternate ? "0x" : string.Empty) + magnitude.ToString("x", CultureInfo.InvariantCulture),
                'X' => (alternate ? "0X" : string.Empty) + magnitude.ToString("X", CultureInfo.InvariantCulture),
                'o' => (alternate ? "0o" : string.Empty) + Convert.ToString((long)magnitude, 8),
                'b' => (alternate ? "0b" : string.Empty) + magnitude.ToString("b", CultureInfo.InvariantCulture),
                'c' => throw Bad(spec),
                _ => magnitude.ToString(CultureInfo.InvariantCulture),
            });
        }

        double number = value.Number;
        bool negative = double.IsNegative(number) && !double.IsNaN(number);
        double size = Math.Abs(number);
        return (negative, type switch
        {
            '\0' => precision is { } digits ? FloatFormat.Pointed(size, digits) : Numbers.Repr(size),
            'f' or 'F' or 'e' or 'E' or 'g' or 'G' => FloatFormat.Format(size, type, precision ?? 6, alternate),
            '%' => FloatFormat.Format(size * 100, 'f', precision ?? 6, alternate) + "%",
            _ => throw Bad(spec),
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

    private static (char Fill, char Align, string Remaining) ReadAlignment(string spec)
    {
        if (spec.Length > 1 && spec[1] is '<' or '>' or '=' or '^')
        {
            return (spec[0], spec[1], spec[2..]);
        }

        return spec[0] is '<' or '>' or '=' or '^' ? (' ', spec[0], spec[1..]) : (' ', '\0', spec);
    }

    private int? ReadNumber(string text, ref int at)
    {
        int start = at;
        int number = 0;
        for (; at < text.Length && char.IsAsciiDigit(text[at]); at++)
        {
            number = (number * 10) + (text[at] - '0');
            if (number > MaxWidth)
            {
                throw _run.Fail($"a width in a format is more than {MaxWidth}");
            }
        }

        return at == start ? null : number;
    }

    private void Pad(TextBuffer text, string sign, string body, char fill, char align, int width)
    {
        if (align == '=' && sign.Length == 0 && body.Length == 0)
        {
            throw _run.Fail("'=' aligns numbers only");
        }

        int missing = Math.Max(width - sign.Length - PythonText.Length(body), 0);
        int before = align switch { '>' => missing, '^' => missing / 2, _ => 0 };
        text.Append(fill, before);
        text.Append(sign);
        text.Append(fill, align == '=' ? missing : 0);
        text.Append(body);
        text.Append(fill, align == '=' ? 0 : missing - before);
    }

    private TemplateException Bad(string spec) => _run.Fail($"'{spec}' is not a format for this value");
}

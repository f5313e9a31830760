using Orchard.Templates.Limits;
using Orchard.Templates.Operations;
using Orchard.Templates.Python;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library.Methods;

/// <summary>The method <c>format</c> of strings, as in <c>'{} and {name:>8}'.format(…)</c>.</summary>
internal sealed class BraceFormat
{
    private readonly RenderContext _context;
    private readonly CallArguments _arguments;
    private readonly TextBuffer _text;
    private int _next;
    private bool? _numbered;

    private BraceFormat(RenderContext context, CallArguments arguments)
    {
        _context = context;
        _arguments = arguments;
        _text = context.RentBuffer();
    }

    public static TemplateValue Apply(RenderContext context, string format, CallArguments arguments)
    {
        var formatter = new BraceFormat(context, arguments);
        formatter.Write(format, formatter._text, 0);
        return TemplateValue.From(context.TakeText(formatter._text));
    }

    private void Write(string format, TextBuffer text, int depth)
    {
        if (depth > 1)
        {
            throw _context.Fail("the fields of a format are nested too deep");
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
                throw _context.Fail("a format has a '}' without '{'");
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

        throw _context.Fail("a format has a '{' without '}'");
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
            TextBuffer nested = _context.RentBuffer();
            Write(field[(colon + 1)..], nested, depth + 1);
            spec = _context.TakeText(nested);
        }

        if (conversion >= 0)
        {
            value = field[(conversion + 1)..(colon >= 0 ? colon : field.Length)] switch
            {
                "s" => TemplateValue.From(Printer.Str(_context, value)),
                "r" => TemplateValue.From(Printer.Repr(_context, value)),
                _ => throw _context.Fail("a format supports only the conversions 's' and 'r'"),
            };
        }

        FormatField.Append(_context, text, value, spec);
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
                value = Attributes.Get(_context, value, attribute, TemplateUndefined.Attribute(attribute));
                i = next < 0 ? name.Length : i + 1 + next;
                continue;
            }

            int close = name.IndexOf(']', i);
            if (name[i] != '[' || close < 0)
            {
                throw _context.Fail("a field of a format is incomplete");
            }

            string key = name[(i + 1)..close];
            bool isIndex = PythonNumber.TryParseInteger(key, 10, out long index);
            value = Attributes.Item(_context, value, isIndex ? TemplateValue.From(index) : TemplateValue.From(key));
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

            throw _context.Fail($"'format' has no argument '{name}'");
        }

        if (_numbered is { } numbered && numbered != isNumber)
        {
            throw _context.Fail("a format cannot mix numbered and unnumbered fields");
        }

        _numbered = isNumber;
        long at = isNumber ? PythonNumber.TryParseInteger(name, 10, out long given) ? given : long.MaxValue : _next++;
        return at < _arguments.Positional.Length ? _arguments.Positional[at] : throw _context.Fail("'format' has too few arguments");
    }
}

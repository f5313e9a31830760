using System.Globalization;
using Orchard.Templates.Limits;
using Orchard.Templates.Operations;
using Orchard.Templates.Python;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library.Filters;

/// <summary>Writes JSON as Python's <c>json.dumps</c>, which is what <c>tojson</c> calls in Hugging Face.</summary>
internal sealed class JsonWriter
{
    private readonly RenderContext _context;
    private readonly TextBuffer _text;
    private readonly bool _asciiOnly;
    private readonly string? _indent;
    private readonly string _itemSeparator;
    private readonly string _keySeparator;
    private readonly bool _sortsKeys;

    public JsonWriter(
        RenderContext context, TemplateValue asciiOnly, TemplateValue indent, TemplateValue separators, TemplateValue sortsKeys)
    {
        _context = context;
        _text = context.RentBuffer();
        _asciiOnly = asciiOnly.IsTrue;
        _indent = IndentOf(context, indent);
        _sortsKeys = sortsKeys.IsTrue;
        (_itemSeparator, _keySeparator) = (_indent is null ? ", " : ",", ": ");
        if (!separators.IsMissing && !separators.IsNone)
        {
            TemplateValue[] two = ItemCursor.Open(context, separators).ToArray();
            if (two is not [{ IsText: true }, { IsText: true }])
            {
                throw context.Fail("'tojson' needs a pair of strings as separators");
            }

            (_itemSeparator, _keySeparator) = (two[0].Text, two[1].Text);
        }
    }

    /// <summary>Returns the value as JSON. A writer can be used once.</summary>
    public TemplateValue Write(TemplateValue value)
    {
        Write(value, 0);
        return TemplateValue.From(_context.TakeText(_text));
    }

    private static string? IndentOf(RenderContext context, TemplateValue indent)
    {
        if (indent.IsMissing || indent.IsNone)
        {
            return null;
        }

        if (indent.IsText)
        {
            return indent.Text;
        }

        if (!indent.IsInteger || indent.Int > 1000)
        {
            throw context.Fail("'tojson' needs a string or an integer of at most 1000 as indent");
        }

        return new string(' ', (int)Math.Max(indent.Int, 0));
    }

    private void Write(TemplateValue value, int depth)
    {
        _context.Step();
        switch (value.Kind)
        {
            case TemplateKind.None:
                _text.Append("null");
                break;
            case TemplateKind.Bool:
                _text.Append(value.Bool ? "true" : "false");
                break;
            case TemplateKind.Int:
                _text.Append(NumberText.Repr(value.Int));
                break;
            case TemplateKind.Float:
                _text.Append(OfFloat(value.Float));
                break;
            case TemplateKind.String when value.IsNumberText:
                _text.Append(value.Text);
                break;
            case TemplateKind.String:
                WriteText(value.Text);
                break;
            case TemplateKind.List or TemplateKind.Tuple:
                WriteItems(value.List.Items, depth);
                break;
            case TemplateKind.Dict:
                WritePairs(value.Map, depth);
                break;
            default:
                _context.RequireDefined(value);
                throw _context.Fail($"{value.Kind.Describe()} cannot be written as JSON");
        }
    }

    private void WriteItems(TemplateValue[] items, int depth)
    {
        if (items.Length == 0)
        {
            _text.Append("[]");
            return;
        }

        _text.Append('[');
        for (int i = 0; i < items.Length; i++)
        {
            Separate(i, depth + 1);
            Write(items[i], depth + 1);
        }

        Break(depth);
        _text.Append(']');
    }

    private void WritePairs(TemplateMap map, int depth)
    {
        if (map.Count == 0)
        {
            _text.Append("{}");
            return;
        }

        var order = new int[map.Count];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        if (_sortsKeys)
        {
            order = Sorting.Sort(_context, map.Keys, reverse: false);
        }

        _text.Append('{');
        for (int i = 0; i < order.Length; i++)
        {
            Separate(i, depth + 1);
            WriteKey(map.Keys[order[i]]);
            _text.Append(_keySeparator);
            Write(map.Values[order[i]], depth + 1);
        }

        Break(depth);
        _text.Append('}');
    }

    private void WriteKey(TemplateValue key)
    {
        switch (key.Kind)
        {
            case TemplateKind.String:
                WriteText(key.Text);
                break;
            case TemplateKind.None or TemplateKind.Bool or TemplateKind.Int or TemplateKind.Float:
                _text.Append('"');
                Write(key, 0);
                _text.Append('"');
                break;
            default:
                throw _context.Fail($"{key.Kind.Describe()} cannot be a key of a JSON object");
        }
    }

    private void Separate(int index, int depth)
    {
        _text.Append(index > 0 ? _itemSeparator : string.Empty);
        Break(depth);
    }

    private void Break(int depth)
    {
        if (_indent is null)
        {
            return;
        }

        _text.Append('\n');
        for (int i = 0; i < depth; i++)
        {
            _text.Append(_indent);
        }
    }

    private void WriteText(string value)
    {
        _text.Append('"');
        int from = 0;
        for (int i = 0; i < value.Length; i++)
        {
            char unit = value[i];
            if (unit is >= ' ' and not ('"' or '\\') && !(_asciiOnly && unit > '~'))
            {
                continue;
            }

            _text.Append(value.AsSpan(from, i - from));
            from = i + 1;
            _text.Append(unit switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\f' => "\\f",
                '\b' => "\\b",
                _ => "\\u" + ((int)unit).ToString("x4", CultureInfo.InvariantCulture),
            });
        }

        _text.Append(value.AsSpan(from));
        _text.Append('"');
    }

    private static string OfFloat(double value) => double.IsNaN(value) ? "NaN"
        : double.IsInfinity(value) ? (value > 0 ? "Infinity" : "-Infinity")
        : NumberText.Repr(value);
}

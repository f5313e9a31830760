using System.Globalization;
using System.Text;
using Orchard.Templates.Limits;
using Orchard.Templates.Python;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Operations;

/// <summary>Converts values to text as Python's <c>str()</c> and <c>repr()</c>.</summary>
internal static class Printer
{
    public static string Str(RenderContext context, TemplateValue value)
    {
        switch (value.Kind)
        {
            case TemplateKind.String:
                return value.Text;
            case TemplateKind.Undefined:
                return string.Empty;
            case TemplateKind.None:
                return "None";
            case TemplateKind.Bool:
                return value.Bool ? "True" : "False";
            case TemplateKind.Int:
                return NumberText.Repr(value.Int);
            case TemplateKind.Float:
                return NumberText.Repr(value.Float);
            default:
                return Repr(context, value);
        }
    }

    public static string Repr(RenderContext context, TemplateValue value)
    {
        TextBuffer buffer = context.RentBuffer();
        AppendRepr(context, buffer, value, 0);
        return context.TakeText(buffer);
    }

    private static void AppendRepr(RenderContext context, TextBuffer text, TemplateValue value, int depth)
    {
        context.Step();
        switch (value.Kind)
        {
            case TemplateKind.String:
                text.Append(value.IsSafeText ? "Markup(" : string.Empty);
                AppendQuoted(text, value.Text);
                text.Append(value.IsSafeText ? ")" : string.Empty);
                break;
            case TemplateKind.Undefined:
                text.Append("Undefined");
                break;
            case TemplateKind.List:
                AppendItems(context, text, '[', value.List.Items, ']', depth);
                break;
            case TemplateKind.Tuple:
                AppendItems(context, text, '(', value.List.Items, ')', depth);
                break;
            case TemplateKind.Dict:
                AppendPairs(context, text, value.Map.Keys, value.Map.Values, depth);
                break;
            case TemplateKind.DictView:
                var view = (TemplateMapView)value.Object;
                text.Append(view.Part switch { MapPart.Keys => "dict_keys(", MapPart.Values => "dict_values(", _ => "dict_items(" });
                AppendItems(context, text, '[', [.. Enumerable.Range(0, view.Map.Count).Select(view.At)], ']', depth);
                text.Append(')');
                break;
            case TemplateKind.Range:
                var range = (TemplateRange)value.Object;
                text.Append($"range({range.Start}, {range.Stop}");
                text.Append(range.Step == 1 ? ")" : $", {range.Step})");
                break;
            case TemplateKind.Namespace:
                AppendNamespace(context, text, (TemplateNamespace)value.Object, depth);
                break;
            case TemplateKind.Loop:
                var loop = (LoopState)value.Object;
                text.Append($"<LoopContext {loop.Index + 1}/{loop.Length}>");
                break;
            case TemplateKind.Callable:
                text.Append(((TemplateCallable)value.Object).Repr ?? throw context.Fail("a function cannot be printed"));
                break;
            case TemplateKind.Iterator:
                throw context.Fail("an iterator cannot be printed; convert it with '| list' first");
            default:
                text.Append(Str(context, value));
                break;
        }
    }

    private static void AppendItems(RenderContext context, TextBuffer text, char open, TemplateValue[] items, char close, int depth)
    {
        text.Append(open);
        for (int i = 0; i < items.Length; i++)
        {
            text.Append(i > 0 ? ", " : string.Empty);
            AppendRepr(context, text, items[i], depth + 1);
        }

        text.Append(close == ')' && items.Length == 1 ? "," : string.Empty);
        text.Append(close);
    }

    private static void AppendPairs(RenderContext context, TextBuffer text, TemplateValue[] keys, TemplateValue[] values, int depth)
    {
        text.Append('{');
        for (int i = 0; i < keys.Length; i++)
        {
            text.Append(i > 0 ? ", " : string.Empty);
            AppendRepr(context, text, keys[i], depth + 1);
            text.Append(": ");
            AppendRepr(context, text, values[i], depth + 1);
        }

        text.Append('}');
    }

    private static void AppendNamespace(RenderContext context, TextBuffer text, TemplateNamespace space, int depth)
    {
        // A namespace can contain itself.
        if (depth > 20)
        {
            throw context.Fail("a namespace that contains itself cannot be printed");
        }

        text.Append("<Namespace ");
        AppendPairs(context, text, [.. space.Members.Keys.Select(TemplateValue.From)], [.. space.Members.Values], depth + 20);
        text.Append('>');
    }

    private static void AppendQuoted(TextBuffer text, string value)
    {
        char quote = value.Contains('\'', StringComparison.Ordinal) && !value.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        text.Append(quote);
        for (int i = 0; i < value.Length; i++)
        {
            char unit = value[i];
            if (unit == quote || unit == '\\')
            {
                text.Append('\\');
                text.Append(unit);
            }
            else if (unit is >= ' ' and < '\x7f')
            {
                text.Append(unit);
            }
            else
            {
                i += AppendOther(text, value, i);
            }
        }

        text.Append(quote);
    }

    /// <summary>Appends a character that may need an escape. Returns the number of additional UTF-16 code units it consumed.</summary>
    private static int AppendOther(TextBuffer text, string value, int at)
    {
        switch (value[at])
        {
            case '\n':
                text.Append("\\n");
                return 0;
            case '\r':
                text.Append("\\r");
                return 0;
            case '\t':
                text.Append("\\t");
                return 0;
        }

        bool isPair = PythonText.IsPairAt(value, at);
        int code = isPair ? char.ConvertToUtf32(value, at) : value[at];
        if (Rune.IsValid(code) && PythonText.IsPrintable(new Rune(code)))
        {
            text.Append(value.AsSpan(at, isPair ? 2 : 1));
        }
        else
        {
            string digits = code.ToString(code <= 0xff ? "x2" : code <= 0xffff ? "x4" : "x8", CultureInfo.InvariantCulture);
            text.Append(code <= 0xff ? "\\x" : code <= 0xffff ? "\\u" : "\\U");
            text.Append(digits);
        }

        return isPair ? 1 : 0;
    }
}

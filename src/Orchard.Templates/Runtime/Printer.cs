using System.Globalization;
using System.Text;
using Orchard.Templates.Values;

namespace Orchard.Templates.Runtime;

/// <summary>Values as text, as Python's <c>str()</c> and <c>repr()</c> write them.</summary>
internal static class Printer
{
    public static string Str(Run run, TemplateValue value)
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
                return Numbers.Repr(value.Int);
            case TemplateKind.Float:
                return Numbers.Repr(value.Float);
            default:
                return Repr(run, value);
        }
    }

    public static string Repr(Run run, TemplateValue value)
    {
        TextBuffer buffer = run.RentBuffer();
        AppendRepr(run, buffer, value, 0);
        return run.TakeText(buffer);
    }

    /// <summary>Prints the value to the rendering's output.</summary>
    public static void Print(Run run, TemplateValue value) => run.Output.Append(Str(run, value));

    private static void AppendRepr(Run run, TextBuffer text, TemplateValue value, int depth)
    {
        run.Step();
        switch (value.Kind)
        {
            case TemplateKind.String:
                // Markup shows what it is.
                text.Append(value.IsSafeText ? "Markup(" : string.Empty);
                AppendQuoted(text, value.Text);
                text.Append(value.IsSafeText ? ")" : string.Empty);
                break;
            case TemplateKind.Undefined:
                text.Append("Undefined");
                break;
            case TemplateKind.List:
                AppendItems(run, text, '[', value.List.Items, ']', depth);
                break;
            case TemplateKind.Tuple:
                AppendItems(run, text, '(', value.List.Items, ')', depth);
                break;
            case TemplateKind.Dict:
                AppendPairs(run, text, value.Map.Keys, value.Map.Values, depth);
                break;
            case TemplateKind.DictView:
                var view = (TemplateMapView)value.Reference;
                text.Append(view.Part switch { MapPart.Keys => "dict_keys(", MapPart.Values => "dict_values(", _ => "dict_items(" });
                AppendItems(run, text, '[', [.. Enumerable.Range(0, view.Map.Count).Select(view.At)], ']', depth);
                text.Append(')');
                break;
            case TemplateKind.Range:
                var range = (TemplateRange)value.Reference;
                text.Append($"range({range.Start}, {range.Stop}");
                text.Append(range.Step == 1 ? ")" : $", {range.Step})");
                break;
            case TemplateKind.Namespace:
                AppendNamespace(run, text, (TemplateNamespace)value.Reference, depth);
                break;
            case TemplateKind.Loop:
                var loop = (LoopState)value.Reference;
                text.Append($"<LoopContext {loop.Index + 1}/{loop.Length}>");
                break;
            case TemplateKind.Callable when value.Reference is TemplateMacro macro:
                text.Append(macro.IsCaller ? "<Macro anonymous>" : $"<Macro {Repr(run, TemplateValue.From(macro.Name))}>");
                break;
            case TemplateKind.Callable or TemplateKind.Iterator:
                throw run.Fail("a function or an iterator cannot be printed; '| list' makes a list of an iterator");
            default:
                text.Append(Str(run, value));
                break;
        }
    }

    private static void AppendItems(Run run, TextBuffer text, char open, TemplateValue[] items, char close, int depth)
    {
        text.Append(open);
        for (int i = 0; i < items.Length; i++)
        {
            text.Append(i > 0 ? ", " : string.Empty);
            AppendRepr(run, text, items[i], depth + 1);
        }

        text.Append(close == ')' && items.Length == 1 ? "," : string.Empty);
        text.Append(close);
    }

    private static void AppendPairs(Run run, TextBuffer text, TemplateValue[] keys, TemplateValue[] values, int depth)
    {
        text.Append('{');
        for (int i = 0; i < keys.Length; i++)
        {
            text.Append(i > 0 ? ", " : string.Empty);
            AppendRepr(run, text, keys[i], depth + 1);
            text.Append(": ");
            AppendRepr(run, text, values[i], depth + 1);
        }

        text.Append('}');
    }

    private static void AppendNamespace(Run run, TextBuffer text, TemplateNamespace space, int depth)
    {
        // A namespace can hold itself.
        if (depth > 20)
        {
            throw run.Fail("a namespace that holds itself cannot be printed");
        }

        text.Append("<Namespace ");
        AppendPairs(run, text, [.. space.Members.Keys.Select(TemplateValue.From)], [.. space.Members.Values], depth + 20);
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

    /// <summary>How many more UTF-16 units it took.</summary>
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

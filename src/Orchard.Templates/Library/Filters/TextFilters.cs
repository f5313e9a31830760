using System.Text;
using Orchard.Templates.Library.Strings;
using Orchard.Templates.Limits;
using Orchard.Templates.Operations;
using Orchard.Templates.Python;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library.Filters;

/// <summary>Filters that convert values to strings.</summary>
internal static class TextFilters
{
    public static TemplateValue Upper(RenderContext context, TemplateValue value, CallArguments arguments) =>
        Mapped(context, value, arguments, "upper", CaseMapping.ToUpper);

    public static TemplateValue Lower(RenderContext context, TemplateValue value, CallArguments arguments) =>
        Mapped(context, value, arguments, "lower", CaseMapping.ToLower);

    public static TemplateValue Capitalize(RenderContext context, TemplateValue value, CallArguments arguments) =>
        Mapped(context, value, arguments, "capitalize", CaseMapping.Capitalize);

    public static TemplateValue Title(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        arguments.RefuseAny(context, "title");
        string text = FilterInput.ReadText(context, value);
        var result = new StringBuilder(text.Length);
        bool startsWord = true;
        foreach (string character in PythonText.Characters(text))
        {
            bool separates = PythonText.IsSpace(character[0]) || character is "-" or "(" or "{" or "[" or "<";
            result.Append(separates ? character : startsWord ? CaseMapping.ToUpper(character) : CaseMapping.ToLower(character));
            startsWord = separates;
        }

        return TemplateValue.From(result.ToString());
    }

    public static TemplateValue String(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        arguments.RefuseAny(context, "string");
        return value.IsText ? value : TemplateValue.From(FilterInput.ReadText(context, value));
    }

    public static TemplateValue Trim(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        TemplateValue characters = arguments.Bind(context, "trim", 0, "chars")[0];
        string text = FilterInput.ReadText(context, value);
        if (!characters.IsMissing && !characters.IsNone && !characters.IsText)
        {
            throw context.Fail($"'trim' needs a string, not {characters.Kind.Describe()}");
        }

        context.Allocate(text.Length);
        return TemplateValue.FromText(TextStrip.Strip(context, text, characters, start: true, end: true), value.IsSafeText);
    }

    public static TemplateValue Replace(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        TemplateValue[] given = arguments.Bind(context, "replace", 2, "old", "new", "count");
        long limit = given[2].IsMissing || given[2].IsNone ? -1 : ArgumentReader.ReadInteger(context, given[2], "replace");
        string text = FilterInput.ReadText(context, value);
        string old = Printer.Str(context, given[0]);
        return TemplateValue.From(TextReplace.ReplaceAll(context, text, old, Printer.Str(context, given[1]), limit));
    }

    public static TemplateValue Join(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        TemplateValue[] given = arguments.Bind(context, "join", 0, "d", "attribute");
        string separator = given[0].IsMissing ? string.Empty : Printer.Str(context, given[0]);
        ItemCursor items = ItemCursor.Open(context, value);
        TextBuffer buffer = context.RentBuffer();
        for (int i = 0; items.TryGet(i, out TemplateValue item); i++)
        {
            buffer.Append(i > 0 ? separator : string.Empty);
            buffer.Append(Printer.Str(context, Attributes.Path(context, item, given[1])));
        }

        return TemplateValue.From(context.TakeText(buffer));
    }

    private static TemplateValue Mapped(
        RenderContext context, TemplateValue value, CallArguments arguments, string name, Func<string, string> map)
    {
        arguments.RefuseAny(context, name);
        string text = FilterInput.ReadText(context, value);
        context.Allocate(text.Length);
        return TemplateValue.FromText(map(text), value.IsSafeText);
    }
}

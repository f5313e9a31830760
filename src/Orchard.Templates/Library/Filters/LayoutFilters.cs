using System.Text;
using Orchard.Templates.Library.Strings;
using Orchard.Templates.Limits;
using Orchard.Templates.Operations;
using Orchard.Templates.Python;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library.Filters;

/// <summary>Filters that indent, pad, shorten or format strings.</summary>
internal static class LayoutFilters
{
    public static TemplateValue Center(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        TemplateValue width = arguments.Bind(context, "center", 0, "width")[0];
        string text = FilterInput.ReadText(context, value);
        long size = ArgumentReader.ReadInteger(context, width, "center", 80);
        return TemplateValue.FromText(TextPadding.Center(context, text, size), value.IsSafeText);
    }

    public static TemplateValue Indent(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        TemplateValue[] given = arguments.Bind(context, "indent", 0, "width", "first", "blank");
        context.RequireDefined(value);
        if (!value.IsText)
        {
            throw context.Fail($"'indent' needs a string, not {value.Kind.Describe()}");
        }

        string indent = IndentOf(context, given[0]);
        bool blank = given[2].IsTrue;
        context.Scan(value.Text.Length);
        context.AllocateItems(value.Text.Length / 8);
        List<string> lines = PythonText.SplitLines(value.Text + "\n", keepEnds: false);
        TextBuffer buffer = context.RentBuffer();
        for (int i = 0; i < lines.Count; i++)
        {
            buffer.Append(i > 0 ? "\n" : string.Empty);
            bool indents = i == 0 ? given[1].IsTrue : blank || lines[i].Length > 0;
            buffer.Append(indents ? indent : string.Empty);
            buffer.Append(lines[i]);
        }

        return TemplateValue.FromText(context.TakeText(buffer), value.IsSafeText);
    }

    public static TemplateValue Truncate(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        TemplateValue[] given = arguments.Bind(context, "truncate", 0, "length", "killwords", "end", "leeway");
        long length = given[0].IsMissing ? 255 : ArgumentReader.ReadInteger(context, given[0], "truncate");
        string end = given[2].IsMissing ? "..."
            : given[2].IsText ? given[2].Text
            : throw context.Fail("the end of 'truncate' must be a string");
        long leeway = given[3].IsMissing || given[3].IsNone ? 5 : ArgumentReader.ReadInteger(context, given[3], "truncate");
        int endLength = PythonText.Length(end);
        int actual = context.LengthOf(value) ?? throw context.Fail($"{value.Kind.Describe()} has no length");
        if (length < endLength || leeway < 0)
        {
            throw context.Fail("the length of 'truncate' is less than that of its end, or its leeway is negative");
        }

        if (actual <= length + leeway)
        {
            return value;
        }

        if (!value.IsText)
        {
            throw context.Fail($"'truncate' needs a string, not {value.Kind.Describe()}");
        }

        context.Allocate(value.Text.Length);
        string kept = value.Text[..PythonText.OffsetOf(value.Text, (int)(length - endLength))];
        int space = given[1].IsTrue ? -1 : kept.LastIndexOf(' ');
        return TemplateValue.FromText((space < 0 ? kept : kept[..space]) + end, value.IsSafeText);
    }

    public static TemplateValue WordCount(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        arguments.RefuseAny(context, "wordcount");
        long count = 0;
        bool within = false;
        foreach (Rune character in FilterInput.ReadText(context, value).EnumerateRunes())
        {
            bool isWord = Rune.IsLetterOrDigit(character) || character.Value == '_' || Rune.IsNumber(character);
            count += isWord && !within ? 1 : 0;
            within = isWord;
        }

        return TemplateValue.From(count);
    }

    public static TemplateValue Format(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        if (arguments.Positional.Length > 0 && arguments.Named.Length > 0)
        {
            throw context.Fail("'format' takes either positional or named arguments");
        }

        TemplateValue values = TemplateValue.From(TemplateList.Tuple(arguments.Positional));
        if (arguments.Named.Length > 0)
        {
            var map = new TemplateMapBuilder(context.Comparer);
            foreach (NamedArgument argument in arguments.Named)
            {
                map.Set(TemplateValue.From(argument.Name), argument.Value);
            }

            values = TemplateValue.From(map.Build());
        }

        return PercentFormat.Apply(context, TemplateValue.FromText(FilterInput.ReadText(context, value), value.IsSafeText), values);
    }

    private static string IndentOf(RenderContext context, TemplateValue width)
    {
        if (width.IsText)
        {
            return width.Text;
        }

        long count = width.IsMissing ? 4 : ArgumentReader.ReadInteger(context, width, "indent");
        if (count > context.MaxOutputLength)
        {
            throw context.Fail($"'indent' is wider than {context.MaxOutputLength} characters");
        }

        context.Allocate(Math.Max(count, 0));
        return new string(' ', (int)Math.Max(count, 0));
    }
}

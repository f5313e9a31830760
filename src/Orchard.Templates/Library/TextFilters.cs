using System.Text;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library;

/// <summary>Filters that make text of anything.</summary>
internal static class TextFilters
{
    public static TemplateValue Upper(Run run, TemplateValue value, CallArguments arguments) =>
        Mapped(run, value, arguments, "upper", CaseMapping.ToUpper);

    public static TemplateValue Lower(Run run, TemplateValue value, CallArguments arguments) =>
        Mapped(run, value, arguments, "lower", CaseMapping.ToLower);

    public static TemplateValue Capitalize(Run run, TemplateValue value, CallArguments arguments) =>
        Mapped(run, value, arguments, "capitalize", CaseMapping.Capitalize);

    public static TemplateValue Title(Run run, TemplateValue value, CallArguments arguments)
    {
        arguments.RefuseAny(run, "title");
        string text = Read(run, value);
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

    public static TemplateValue String(Run run, TemplateValue value, CallArguments arguments)
    {
        arguments.RefuseAny(run, "string");
        return value.IsText ? value : TemplateValue.From(Read(run, value));
    }

    public static TemplateValue Safe(Run run, TemplateValue value, CallArguments arguments)
    {
        arguments.RefuseAny(run, "safe");
        return TemplateValue.FromText(Read(run, value), safe: true);
    }

    public static TemplateValue Escape(Run run, TemplateValue value, CallArguments arguments)
    {
        arguments.RefuseAny(run, "escape");
        return value.IsSafeText ? value : TemplateValue.FromText(Markup.Escape(run, Read(run, value)), safe: true);
    }

    public static TemplateValue ForceEscape(Run run, TemplateValue value, CallArguments arguments)
    {
        arguments.RefuseAny(run, "forceescape");
        return TemplateValue.FromText(Markup.Escape(run, Read(run, value)), safe: true);
    }

    public static TemplateValue Trim(Run run, TemplateValue value, CallArguments arguments)
    {
        TemplateValue characters = arguments.Bind(run, "trim", 0, "chars")[0];
        string text = Read(run, value);
        if (!characters.IsMissing && !characters.IsNone && !characters.IsText)
        {
            throw run.Fail($"'trim' needs a string, not {Kinds.Describe(characters)}");
        }

        run.Allocate(text.Length);
        return TemplateValue.FromText(TextMethods.StripText(run, text, characters, start: true, end: true), value.IsSafeText);
    }

    public static TemplateValue Center(Run run, TemplateValue value, CallArguments arguments)
    {
        TemplateValue width = arguments.Bind(run, "center", 0, "width")[0];
        string text = TextMethods.CenterText(run, Read(run, value), width.IsMissing ? 80 : NumberFilters.Integer(run, width, "center"));
        return TemplateValue.FromText(text, value.IsSafeText);
    }

    public static TemplateValue Replace(Run run, TemplateValue value, CallArguments arguments)
    {
        TemplateValue[] given = arguments.Bind(run, "replace", 2, "old", "new", "count");
        long limit = given[2].IsMissing || given[2].IsNone ? -1 : NumberFilters.Integer(run, given[2], "replace");
        string text = Read(run, value);
        return TemplateValue.From(TextMethods.ReplaceAll(run, text, Printer.Str(run, given[0]), Printer.Str(run, given[1]), limit).Text);
    }

    public static TemplateValue Join(Run run, TemplateValue value, CallArguments arguments)
    {
        TemplateValue[] given = arguments.Bind(run, "join", 0, "d", "attribute");
        string separator = given[0].IsMissing ? string.Empty : Printer.Str(run, given[0]);
        ItemCursor items = ItemCursor.Open(run, value);
        TextBuffer buffer = run.RentBuffer();
        for (int i = 0; items.TryGet(i, out TemplateValue item); i++)
        {
            buffer.Append(i > 0 ? separator : string.Empty);
            buffer.Append(Printer.Str(run, Attributes.Path(run, item, given[1])));
        }

        return TemplateValue.From(run.TakeText(buffer));
    }

    public static TemplateValue Format(Run run, TemplateValue value, CallArguments arguments)
    {
        if (arguments.Positional.Length > 0 && arguments.Named.Length > 0)
        {
            throw run.Fail("'format' takes values by place or by name, not both");
        }

        TemplateValue values = TemplateValue.FromTuple(new TemplateList(arguments.Positional));
        if (arguments.Named.Length > 0)
        {
            var map = new TemplateMapBuilder(run.Comparer);
            foreach (NamedArgument argument in arguments.Named)
            {
                map.Set(TemplateValue.From(argument.Name), argument.Value);
            }

            values = TemplateValue.From(map.Build());
        }

        return PercentFormat.Apply(run, TemplateValue.FromText(Read(run, value), value.IsSafeText), values);
    }

    public static TemplateValue Indent(Run run, TemplateValue value, CallArguments arguments)
    {
        TemplateValue[] given = arguments.Bind(run, "indent", 0, "width", "first", "blank");
        Kinds.Defined(run, value);
        if (!value.IsText)
        {
            throw run.Fail($"'indent' needs a string, not {Kinds.Describe(value)}");
        }

        string indent = IndentOf(run, given[0]);
        bool blank = Kinds.IsTrue(given[2]);
        run.Scan(value.Text.Length);
        run.AllocateItems(value.Text.Length / 8);
        List<string> lines = PythonText.SplitLines(value.Text + "\n", keepEnds: false);
        TextBuffer buffer = run.RentBuffer();
        for (int i = 0; i < lines.Count; i++)
        {
            buffer.Append(i > 0 ? "\n" : string.Empty);
            bool indents = i == 0 ? Kinds.IsTrue(given[1]) : blank || lines[i].Length > 0;
            buffer.Append(indents ? indent : string.Empty);
            buffer.Append(lines[i]);
        }

        return TemplateValue.FromText(run.TakeText(buffer), value.IsSafeText);
    }

    public static TemplateValue Truncate(Run run, TemplateValue value, CallArguments arguments)
    {
        TemplateValue[] given = arguments.Bind(run, "truncate", 0, "length", "killwords", "end", "leeway");
        long length = given[0].IsMissing ? 255 : NumberFilters.Integer(run, given[0], "truncate");
        string end = given[2].IsMissing ? "..." : given[2].IsText ? given[2].Text : throw run.Fail("'truncate' ends with a string");
        long leeway = given[3].IsMissing || given[3].IsNone ? 5 : NumberFilters.Integer(run, given[3], "truncate");
        int endLength = PythonText.Length(end);
        int actual = Kinds.Length(run, value) ?? throw run.Fail($"{Kinds.Describe(value)} has no length");
        if (length < endLength || leeway < 0)
        {
            throw run.Fail("'truncate' needs room for its end");
        }

        if (actual <= length + leeway)
        {
            return value;
        }

        if (!value.IsText)
        {
            throw run.Fail($"'truncate' needs a string, not {Kinds.Describe(value)}");
        }

        run.Allocate(value.Text.Length);
        string kept = value.Text[..PythonText.OffsetOf(value.Text, (int)(length - endLength))];
        int space = Kinds.IsTrue(given[1]) ? -1 : kept.LastIndexOf(' ');
        return TemplateValue.FromText((space < 0 ? kept : kept[..space]) + end, value.IsSafeText);
    }

    public static TemplateValue WordCount(Run run, TemplateValue value, CallArguments arguments)
    {
        arguments.RefuseAny(run, "wordcount");
        long count = 0;
        bool within = false;
        foreach (Rune character in Read(run, value).EnumerateRunes())
        {
            bool isWord = Rune.IsLetterOrDigit(character) || character.Value == '_' || Rune.IsNumber(character);
            count += isWord && !within ? 1 : 0;
            within = isWord;
        }

        return TemplateValue.From(count);
    }

    private static string IndentOf(Run run, TemplateValue width)
    {
        if (width.IsText)
        {
            return width.Text;
        }

        long count = width.IsMissing ? 4 : NumberFilters.Integer(run, width, "indent");
        if (count > run.MaxOutputLength)
        {
            throw run.Fail($"'indent' is wider than {run.MaxOutputLength}");
        }

        run.Allocate(Math.Max(count, 0));
        return new string(' ', (int)Math.Max(count, 0));
    }

    private static string Read(Run run, TemplateValue value)
    {
        string text = Printer.Str(run, value);
        run.Scan(text.Length);
        return text;
    }

    private static TemplateValue Mapped(Run run, TemplateValue value, CallArguments arguments, string name, Func<string, string> map)
    {
        arguments.RefuseAny(run, name);
        string text = Read(run, value);
        run.Allocate(text.Length);
        return TemplateValue.FromText(map(text), value.IsSafeText);
    }
}

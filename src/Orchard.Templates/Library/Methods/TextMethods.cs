using System.Collections.Frozen;
using Orchard.Templates.Library.Strings;
using Orchard.Templates.Python;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library.Methods;

/// <summary>The methods of Python's <c>str</c>.</summary>
internal static class TextMethods
{
    private static readonly FrozenDictionary<string, TextMethod> All = new Dictionary<string, TextMethod>(StringComparer.Ordinal)
    {
        ["capitalize"] = Simple("capitalize", CaseMapping.Capitalize),
        ["casefold"] = Simple(
            "casefold", text => CaseMapping.ToLower(text.Replace("ß", "ss", StringComparison.Ordinal)).Replace('ς', 'σ')),
        ["center"] = (context, text, arguments) => PaddingMethods.Justify(context, text, arguments, "center"),
        ["count"] = SearchMethods.Count,
        ["endswith"] = SearchMethods.Affix("endswith", (part, affix) => part.EndsWith(affix)),
        ["expandtabs"] = PaddingMethods.ExpandTabs,
        ["find"] = SearchMethods.Find("find", last: false),
        ["format"] = FormatMethods.Format,
        ["format_map"] = FormatMethods.FormatMap,
        ["index"] = SearchMethods.Index("index", last: false),
        ["isalnum"] = PredicateMethods.Each("isalnum", c => PredicateMethods.IsAlpha(c) || PredicateMethods.IsNumeric(c)),
        ["isalpha"] = PredicateMethods.Each("isalpha", PredicateMethods.IsAlpha),
        ["isascii"] = PredicateMethods.Whole("isascii", text => text.All(char.IsAscii)),
        ["isdecimal"] = PredicateMethods.Each("isdecimal", c => char.IsDigit(c, 0)),
        ["isdigit"] = PredicateMethods.Each("isdigit", PredicateMethods.IsDigit),
        ["isidentifier"] = PredicateMethods.Whole("isidentifier", PredicateMethods.IsIdentifier),
        ["islower"] = PredicateMethods.Whole("islower", text => CaseMapping.IsUniform(text, CaseMapping.IsLower)),
        ["isnumeric"] = PredicateMethods.Each("isnumeric", PredicateMethods.IsNumeric),
        ["isprintable"] = PredicateMethods.Whole("isprintable", text => text.EnumerateRunes().All(PythonText.IsPrintable)),
        ["isspace"] = PredicateMethods.Each("isspace", c => PythonText.IsSpace(c[0])),
        ["istitle"] = PredicateMethods.Whole("istitle", PredicateMethods.IsTitle),
        ["isupper"] = PredicateMethods.Whole("isupper", text => CaseMapping.IsUniform(text, CaseMapping.IsUpper)),
        ["join"] = SplitMethods.Join,
        ["ljust"] = (context, text, arguments) => PaddingMethods.Justify(context, text, arguments, "ljust"),
        ["lower"] = Simple("lower", CaseMapping.ToLower),
        ["lstrip"] = (context, text, arguments) => Strip(context, text, arguments, "lstrip", start: true, end: false),
        ["partition"] = (context, text, arguments) => SplitMethods.Partition(context, text, arguments, "partition", last: false),
        ["removeprefix"] = (context, text, arguments) => SearchMethods.RemoveAffix(context, text, arguments, "removeprefix"),
        ["removesuffix"] = (context, text, arguments) => SearchMethods.RemoveAffix(context, text, arguments, "removesuffix"),
        ["replace"] = Replace,
        ["rfind"] = SearchMethods.Find("rfind", last: true),
        ["rindex"] = SearchMethods.Index("rindex", last: true),
        ["rjust"] = (context, text, arguments) => PaddingMethods.Justify(context, text, arguments, "rjust"),
        ["rpartition"] = (context, text, arguments) => SplitMethods.Partition(context, text, arguments, "rpartition", last: true),
        ["rsplit"] = (context, text, arguments) => SplitMethods.Split(context, text, arguments, "rsplit"),
        ["rstrip"] = (context, text, arguments) => Strip(context, text, arguments, "rstrip", start: false, end: true),
        ["split"] = (context, text, arguments) => SplitMethods.Split(context, text, arguments, "split"),
        ["splitlines"] = SplitMethods.SplitLines,
        ["startswith"] = SearchMethods.Affix("startswith", (part, affix) => part.StartsWith(affix)),
        ["strip"] = (context, text, arguments) => Strip(context, text, arguments, "strip", start: true, end: true),
        ["swapcase"] = Simple("swapcase", CaseMapping.SwapCase),
        ["title"] = Simple("title", CaseMapping.Title),
        ["upper"] = Simple("upper", CaseMapping.ToUpper),
        ["zfill"] = PaddingMethods.ZeroFill,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static FrozenSet<string> Names { get; } = All.Keys.ToFrozenSet(StringComparer.Ordinal);

    public static TemplateValue Invoke(RenderContext context, TemplateValue receiver, string name, CallArguments arguments)
    {
        context.Scan(receiver.Text.Length);
        TemplateValue result = All[name](context, receiver.Text, arguments);
        return receiver.IsSafeText ? Safe(context, result) : result;
    }

    private static TextMethod Simple(string name, Func<string, string> map) => (context, text, arguments) =>
    {
        arguments.RefuseAny(context, name);
        context.Allocate(text.Length);
        return TemplateValue.From(map(text));
    };

    private static TemplateValue Strip(RenderContext context, string text, CallArguments arguments, string name, bool start, bool end)
    {
        TemplateValue characters = arguments.Bind(context, name, 0, string.Empty)[0];
        context.Allocate(text.Length);
        return TemplateValue.From(TextStrip.Strip(context, text, characters, start, end));
    }

    private static TemplateValue Replace(RenderContext context, string text, CallArguments arguments)
    {
        TemplateValue[] given = arguments.Bind(context, "replace", 2, string.Empty, string.Empty, string.Empty);
        string old = ArgumentReader.ReadText(context, given[0], "replace");
        string with = ArgumentReader.ReadText(context, given[1], "replace");
        long limit = ArgumentReader.ReadInteger(context, given[2], "replace", -1);
        return TemplateValue.From(TextReplace.ReplaceAll(context, text, old, with, limit));
    }

    private static TemplateValue Safe(RenderContext context, TemplateValue value) => value.Kind switch
    {
        TemplateKind.String => TemplateValue.FromText(value.Text, safe: true),
        TemplateKind.List => context.List(Array.ConvertAll(value.List.Items, item => Safe(context, item))),
        TemplateKind.Tuple => context.Tuple(Array.ConvertAll(value.List.Items, item => Safe(context, item))),
        _ => value,
    };
}

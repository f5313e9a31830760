using System.Collections.Frozen;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library;

/// <summary>The methods of Python's <c>str</c>.</summary>
internal static class TextMethods
{
    private delegate TemplateValue Method(Run run, string text, CallArguments arguments);

    private static readonly FrozenDictionary<string, Method> All = new Dictionary<string, Method>(StringComparer.Ordinal)
    {
        ["capitalize"] = Simple("capitalize", CaseMapping.Capitalize),
        ["casefold"] = Simple(
            "casefold", text => CaseMapping.ToLower(text.Replace("ß", "ss", StringComparison.Ordinal)).Replace('ς', 'σ')),
        ["center"] = (run, text, arguments) => Justify(run, text, arguments, "center"),
        ["count"] = Count,
        ["endswith"] = (run, text, arguments) => Affixed(run, text, arguments, "endswith", (part, affix) => part.EndsWith(affix)),
        ["expandtabs"] = ExpandTabs,
        ["find"] = (run, text, arguments) => TemplateValue.From(Find(run, text, arguments, "find", last: false)),
        ["format"] = (run, text, arguments) => BraceFormat.Apply(run, text, arguments),
        ["format_map"] = FormatMap,
        ["index"] = (run, text, arguments) => Found(run, Find(run, text, arguments, "index", last: false)),
        ["isalnum"] = Each("isalnum", c => IsAlpha(c) || IsNumeric(c)),
        ["isalpha"] = Each("isalpha", IsAlpha),
        ["isascii"] = (run, text, arguments) => Check(run, arguments, "isascii", text.All(char.IsAscii)),
        ["isdecimal"] = Each("isdecimal", c => char.IsDigit(c, 0)),
        ["isdigit"] = Each("isdigit", c => char.IsDigit(c, 0) || "²³¹⁰⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉".Contains(c, StringComparison.Ordinal)),
        ["isidentifier"] = (run, text, arguments) => Check(
            run, arguments, "isidentifier", text.Length > 0 && !char.IsDigit(text[0]) && text.All(c => c == '_' || char.IsLetterOrDigit(c))),
        ["islower"] = (run, text, arguments) => Check(run, arguments, "islower", IsCase(text, CaseMapping.IsLower)),
        ["isnumeric"] = Each("isnumeric", IsNumeric),
        ["isprintable"] = (run, text, arguments) => Check(run, arguments, "isprintable", text.EnumerateRunes().All(PythonText.IsPrintable)),
        ["isspace"] = Each("isspace", c => PythonText.IsSpace(c[0])),
        ["istitle"] = (run, text, arguments) => Check(
            run, arguments, "istitle", PythonText.Characters(text).Any(CaseMapping.IsCased) && CaseMapping.Title(text) == text),
        ["isupper"] = (run, text, arguments) => Check(run, arguments, "isupper", IsCase(text, CaseMapping.IsUpper)),
        ["join"] = Join,
        ["ljust"] = (run, text, arguments) => Justify(run, text, arguments, "ljust"),
        ["lower"] = Simple("lower", CaseMapping.ToLower),
        ["lstrip"] = (run, text, arguments) => Strip(run, text, arguments, "lstrip", start: true, end: false),
        ["partition"] = (run, text, arguments) => Partition(run, text, arguments, "partition", last: false),
        ["removeprefix"] = (run, text, arguments) => RemoveAffix(run, text, arguments, "removeprefix"),
        ["removesuffix"] = (run, text, arguments) => RemoveAffix(run, text, arguments, "removesuffix"),
        ["replace"] = Replace,
        ["rfind"] = (run, text, arguments) => TemplateValue.From(Find(run, text, arguments, "rfind", last: true)),
        ["rindex"] = (run, text, arguments) => Found(run, Find(run, text, arguments, "rindex", last: true)),
        ["rjust"] = (run, text, arguments) => Justify(run, text, arguments, "rjust"),
        ["rpartition"] = (run, text, arguments) => Partition(run, text, arguments, "rpartition", last: true),
        ["rsplit"] = (run, text, arguments) => Split(run, text, arguments, "rsplit"),
        ["rstrip"] = (run, text, arguments) => Strip(run, text, arguments, "rstrip", start: false, end: true),
        ["split"] = (run, text, arguments) => Split(run, text, arguments, "split"),
        ["splitlines"] = SplitLines,
        ["startswith"] = (run, text, arguments) => Affixed(run, text, arguments, "startswith", (part, affix) => part.StartsWith(affix)),
        ["strip"] = (run, text, arguments) => Strip(run, text, arguments, "strip", start: true, end: true),
        ["swapcase"] = Simple("swapcase", CaseMapping.SwapCase),
        ["title"] = Simple("title", CaseMapping.Title),
        ["upper"] = Simple("upper", CaseMapping.ToUpper),
        ["zfill"] = ZeroFill,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static FrozenSet<string> Names { get; } = All.Keys.ToFrozenSet(StringComparer.Ordinal);

    public static TemplateValue Invoke(Run run, TemplateValue receiver, string name, CallArguments arguments)
    {
        run.Scan(receiver.Text.Length);
        TemplateValue result = All[name](run, receiver.Text, arguments);
        return receiver.IsSafeText ? Safe(run, result) : result;
    }

    public static TemplateValue ReplaceAll(Run run, string text, string old, string with, long limit)
    {
        run.Search(text.Length, old.Length);
        if (limit == 0 || (old.Length > 0 && !text.Contains(old, StringComparison.Ordinal)))
        {
            return TemplateValue.From(text);
        }

        TextBuffer buffer = run.RentBuffer();
        int from = 0;
        for (long done = 0; limit < 0 || done < limit; done++)
        {
            if (old.Length == 0)
            {
                buffer.Append(with);
                if (from == text.Length)
                {
                    break;
                }

                int size = PythonText.IsPairAt(text, from) ? 2 : 1;
                buffer.Append(text.AsSpan(from, size));
                from += size;
                continue;
            }

            int at = text.IndexOf(old, from, StringComparison.Ordinal);
            if (at < 0)
            {
                break;
            }

            buffer.Append(text.AsSpan(from, at - from));
            buffer.Append(with);
            from = at + old.Length;
        }

        buffer.Append(text.AsSpan(from));
        return TemplateValue.From(run.TakeText(buffer));
    }

    public static string StripText(Run run, string text, TemplateValue characters, bool start, bool end)
    {
        if (characters.IsMissing || characters.IsNone)
        {
            return start && end ? PythonText.Trim(text) is var trimmed && trimmed.Length == text.Length ? text : trimmed.ToString()
                : start ? PythonText.TrimStart(text) : PythonText.TrimEnd(text);
        }

        string set = Text(run, characters, "strip");
        run.Search(text.Length, set.Length);
        string[] points = PythonText.Characters(text);
        var strip = PythonText.Characters(set).ToHashSet(StringComparer.Ordinal);
        int from = 0;
        int to = points.Length;
        while (start && from < to && strip.Contains(points[from]))
        {
            from++;
        }

        while (end && to > from && strip.Contains(points[to - 1]))
        {
            to--;
        }

        return string.Concat(points.AsSpan(from, to - from));
    }

    public static string CenterText(Run run, string text, long width)
    {
        int missing = Missing(run, text, width);
        int before = (missing / 2) + (missing & (int)width & 1);
        return new string(' ', before) + text + new string(' ', missing - before);
    }

    private static Method Simple(string name, Func<string, string> map) => (run, text, arguments) =>
    {
        arguments.RefuseAny(run, name);
        run.Allocate(text.Length);
        return TemplateValue.From(map(text));
    };

    private static Method Each(string name, Func<string, bool> holds) => (run, text, arguments) =>
        Check(run, arguments, name, text.Length > 0 && PythonText.Characters(text).All(holds));

    private static TemplateValue Check(Run run, CallArguments arguments, string name, bool result)
    {
        arguments.RefuseAny(run, name);
        return TemplateValue.From(result);
    }

    private static bool IsAlpha(string character) => char.IsLetter(character, 0);

    private static bool IsNumeric(string character) => char.IsNumber(character, 0);

    public static bool IsCase(string text, Func<string, bool> isCase)
    {
        bool any = false;
        foreach (string character in PythonText.Characters(text))
        {
            if (CaseMapping.IsCased(character))
            {
                if (!isCase(character))
                {
                    return false;
                }

                any = true;
            }
        }

        return any;
    }

    private static TemplateValue Safe(Run run, TemplateValue value) => value.Kind switch
    {
        TemplateKind.String => TemplateValue.FromText(value.Text, safe: true),
        TemplateKind.List => run.List(Array.ConvertAll(value.List.Items, item => Safe(run, item))),
        TemplateKind.Tuple => run.Tuple(Array.ConvertAll(value.List.Items, item => Safe(run, item))),
        _ => value,
    };

    private static string Text(Run run, TemplateValue value, string method)
    {
        Kinds.Defined(run, value);
        return value.IsText ? value.Text : throw run.Fail($"'{method}' needs a string, not {Kinds.Describe(value)}");
    }

    private static long Integer(Run run, TemplateValue value, string method, long fallback)
    {
        if (value.IsMissing)
        {
            return fallback;
        }

        Kinds.Defined(run, value);
        return value.IsInteger ? value.Int : throw run.Fail($"'{method}' needs an integer, not {Kinds.Describe(value)}");
    }

    private static int Missing(Run run, string text, long width)
    {
        int length = PythonText.Length(text);
        if (width > run.MaxOutputLength)
        {
            throw run.Fail($"a text would be longer than {run.MaxOutputLength} characters");
        }

        run.Allocate(Math.Max(width, 0));
        return Math.Max((int)Math.Max(width, 0) - length, 0);
    }

    private static TemplateValue Justify(Run run, string text, CallArguments arguments, string name)
    {
        TemplateValue[] given = arguments.Bind(run, name, 1, string.Empty, string.Empty);
        long width = Integer(run, given[0], name, 0);
        string fill = given[1].IsMissing ? " " : Text(run, given[1], name);
        if (PythonText.Length(fill) != 1)
        {
            throw run.Fail($"'{name}' fills with one character");
        }

        int missing = Missing(run, text, width);
        int before = name switch { "ljust" => 0, "rjust" => missing, _ => (missing / 2) + (missing & (int)width & 1) };
        return TemplateValue.From(Repeat(fill, before) + text + Repeat(fill, missing - before));
    }

    private static string Repeat(string text, int count) =>
        text.Length == 1 ? new string(text[0], count) : string.Concat(Enumerable.Repeat(text, count));

    private static TemplateValue ZeroFill(Run run, string text, CallArguments arguments)
    {
        int missing = Missing(run, text, Integer(run, arguments.Bind(run, "zfill", 1, string.Empty)[0], "zfill", 0));
        int sign = text.Length > 0 && text[0] is '-' or '+' ? 1 : 0;
        return TemplateValue.From(text[..sign] + new string('0', missing) + text[sign..]);
    }

    /// <summary>The part of a text between two bounds given in code points, and where it begins; null when the bounds cross.</summary>
    private static (string Part, int Start)? Part(Run run, string text, TemplateValue start, TemplateValue end, string method)
    {
        if (start.IsMissing && end.IsMissing)
        {
            return (text, 0);
        }

        int length = PythonText.Length(text);
        long from = start.IsNone ? 0 : Integer(run, start, method, 0);
        long to = end.IsNone ? length : Integer(run, end, method, length);
        from = from < 0 ? Math.Max(from + length, 0) : from;
        to = Math.Min(to < 0 ? Math.Max(to + length, 0) : to, length);
        return from > to ? null : (text[PythonText.OffsetOf(text, (int)from)..PythonText.OffsetOf(text, (int)to)], (int)from);
    }

    private static TemplateValue Count(Run run, string text, CallArguments arguments)
    {
        TemplateValue[] given = arguments.Bind(run, "count", 1, string.Empty, string.Empty, string.Empty);
        string sought = Text(run, given[0], "count");
        if (Part(run, text, given[1], given[2], "count") is not { } part)
        {
            return TemplateValue.From(0);
        }

        run.Search(text.Length, sought.Length);
        return TemplateValue.From(sought.Length == 0 ? PythonText.Length(part.Part) + 1 : part.Part.AsSpan().Count(sought));
    }

    private static long Find(Run run, string text, CallArguments arguments, string name, bool last)
    {
        TemplateValue[] given = arguments.Bind(run, name, 1, string.Empty, string.Empty, string.Empty);
        string sought = Text(run, given[0], name);
        if (Part(run, text, given[1], given[2], name) is not { } part)
        {
            return -1;
        }

        run.Search(text.Length, sought.Length);
        int at = last
            ? part.Part.AsSpan().LastIndexOf(sought, StringComparison.Ordinal)
            : part.Part.IndexOf(sought, StringComparison.Ordinal);
        return at < 0 ? -1 : part.Start + PythonText.PointAt(part.Part, at);
    }

    private static TemplateValue Found(Run run, long at) =>
        at >= 0 ? TemplateValue.From(at) : throw run.Fail("'index' does not find the text");

    private delegate bool AffixTest(ReadOnlySpan<char> text, ReadOnlySpan<char> affix);

    private static TemplateValue Affixed(Run run, string text, CallArguments arguments, string name, AffixTest test)
    {
        TemplateValue[] given = arguments.Bind(run, name, 1, string.Empty, string.Empty, string.Empty);
        TemplateValue[] affixes = given[0].Kind == TemplateKind.Tuple ? given[0].List.Items : [given[0]];
        (string Part, int Start)? part = Part(run, text, given[1], given[2], name);
        bool found = false;
        foreach (TemplateValue affix in affixes)
        {
            run.Step();
            string sought = Text(run, affix, name);
            found |= part is { } known && test(known.Part, sought);
        }

        return TemplateValue.From(found);
    }

    private static TemplateValue RemoveAffix(Run run, string text, CallArguments arguments, string name)
    {
        string affix = Text(run, arguments.Bind(run, name, 1, string.Empty)[0], name);
        bool isPrefix = name == "removeprefix";
        bool found = isPrefix ? text.StartsWith(affix, StringComparison.Ordinal) : text.EndsWith(affix, StringComparison.Ordinal);
        run.Allocate(text.Length);
        return TemplateValue.From(!found ? text : isPrefix ? text[affix.Length..] : text[..^affix.Length]);
    }

    private static TemplateValue ExpandTabs(Run run, string text, CallArguments arguments)
    {
        long size = Integer(run, arguments.Bind(run, "expandtabs", 0, "tabsize")[0], "expandtabs", 8);
        TextBuffer buffer = run.RentBuffer();
        int column = 0;
        foreach (string character in PythonText.Characters(text))
        {
            if (character == "\t")
            {
                long width = size > 0 ? size - (column % size) : 0;
                buffer.Append(' ', width);
                column += (int)width;
                continue;
            }

            buffer.Append(character);
            column = character is "\n" or "\r" ? 0 : column + 1;
        }

        return TemplateValue.From(run.TakeText(buffer));
    }

    private static TemplateValue FormatMap(Run run, string text, CallArguments arguments)
    {
        TemplateValue map = arguments.Bind(run, "format_map", 1, string.Empty)[0];
        if (map.Kind != TemplateKind.Dict)
        {
            throw run.Fail("'format_map' needs a mapping");
        }

        NamedArgument[] named = [.. map.Map.Keys.Zip(map.Map.Values).Where(pair => pair.First.IsText)
            .Select(pair => new NamedArgument(pair.First.Text, pair.Second))];
        return BraceFormat.Apply(run, text, new CallArguments([], named));
    }

    private static TemplateValue Join(Run run, string text, CallArguments arguments)
    {
        ItemCursor items = ItemCursor.Open(run, arguments.Bind(run, "join", 1, string.Empty)[0]);
        TextBuffer buffer = run.RentBuffer();
        for (int i = 0; items.TryGet(i, out TemplateValue item); i++)
        {
            buffer.Append(i > 0 ? text : string.Empty);
            buffer.Append(Text(run, item, "join"));
        }

        return TemplateValue.From(run.TakeText(buffer));
    }

    private static TemplateValue Strip(Run run, string text, CallArguments arguments, string name, bool start, bool end)
    {
        TemplateValue characters = arguments.Bind(run, name, 0, string.Empty)[0];
        run.Allocate(text.Length);
        return TemplateValue.From(StripText(run, text, characters, start, end));
    }

    private static TemplateValue Replace(Run run, string text, CallArguments arguments)
    {
        TemplateValue[] given = arguments.Bind(run, "replace", 2, string.Empty, string.Empty, string.Empty);
        return ReplaceAll(run, text, Text(run, given[0], "replace"), Text(run, given[1], "replace"), Integer(run, given[2], "replace", -1));
    }

    private static TemplateValue Partition(Run run, string text, CallArguments arguments, string name, bool last)
    {
        string separator = Text(run, arguments.Bind(run, name, 1, string.Empty)[0], name);
        if (separator.Length == 0)
        {
            throw run.Fail($"'{name}' needs a separator");
        }

        run.Search(text.Length, separator.Length);
        run.Allocate(text.Length);
        int at = last ? text.AsSpan().LastIndexOf(separator, StringComparison.Ordinal) : text.IndexOf(separator, StringComparison.Ordinal);
        string[] parts = at >= 0 ? [text[..at], separator, text[(at + separator.Length)..]]
            : last ? [string.Empty, string.Empty, text] : [text, string.Empty, string.Empty];
        return run.Tuple(Array.ConvertAll(parts, TemplateValue.From));
    }

    private static TemplateValue SplitLines(Run run, string text, CallArguments arguments)
    {
        TemplateValue keep = arguments.Bind(run, "splitlines", 0, "keepends")[0];
        run.AllocateItems(text.Length);
        return Texts(run, PythonText.SplitLines(text, Kinds.IsTrue(keep)));
    }

    private static TemplateValue Split(Run run, string text, CallArguments arguments, string name)
    {
        TemplateValue[] given = arguments.Bind(run, name, 0, "sep", "maxsplit");
        long limit = Integer(run, given[1], name, -1);
        limit = limit < 0 ? long.MaxValue : limit;
        bool fromEnd = name == "rsplit";
        List<string> parts;
        if (given[0].IsMissing || given[0].IsNone)
        {
            parts = fromEnd ? SplitBlanksFromEnd(text, limit) : SplitBlanks(text, limit);
        }
        else
        {
            string separator = Text(run, given[0], name);
            if (separator.Length == 0)
            {
                throw run.Fail($"'{name}' needs a separator");
            }

            run.Search(text.Length, separator.Length);
            parts = fromEnd ? SplitFromEnd(text, separator, limit) : SplitFromStart(text, separator, limit);
        }

        run.Allocate(text.Length);
        run.AllocateItems(parts.Count);
        return Texts(run, parts);
    }

    private static List<string> SplitFromStart(string text, string separator, long limit)
    {
        var parts = new List<string>();
        int from = 0;
        for (int at; parts.Count < limit && (at = text.IndexOf(separator, from, StringComparison.Ordinal)) >= 0; from = at + separator.Length)
        {
            parts.Add(text[from..at]);
        }

        parts.Add(text[from..]);
        return parts;
    }

    private static List<string> SplitFromEnd(string text, string separator, long limit)
    {
        var parts = new List<string>();
        int to = text.Length;
        for (int at; parts.Count < limit && (at = text.AsSpan(0, to).LastIndexOf(separator, StringComparison.Ordinal)) >= 0; to = at)
        {
            parts.Add(text[(at + separator.Length)..to]);
        }

        parts.Add(text[..to]);
        parts.Reverse();
        return parts;
    }

    private static List<string> SplitBlanks(string text, long limit)
    {
        var parts = new List<string>();
        int at = 0;
        while (true)
        {
            while (at < text.Length && PythonText.IsSpace(text[at]))
            {
                at++;
            }

            if (at == text.Length)
            {
                return parts;
            }

            if (parts.Count == limit)
            {
                parts.Add(PythonText.TrimEnd(text[at..]));
                return parts;
            }

            int from = at;
            while (at < text.Length && !PythonText.IsSpace(text[at]))
            {
                at++;
            }

            parts.Add(text[from..at]);
        }
    }

    private static List<string> SplitBlanksFromEnd(string text, long limit)
    {
        var parts = new List<string>();
        int at = text.Length;
        while (true)
        {
            while (at > 0 && PythonText.IsSpace(text[at - 1]))
            {
                at--;
            }

            if (at == 0)
            {
                break;
            }

            if (parts.Count == limit)
            {
                parts.Add(PythonText.TrimStart(text[..at]));
                break;
            }

            int to = at;
            while (at > 0 && !PythonText.IsSpace(text[at - 1]))
            {
                at--;
            }

            parts.Add(text[at..to]);
        }

        parts.Reverse();
        return parts;
    }

    private static TemplateValue Texts(Run run, List<string> texts) => run.List([.. texts.Select(TemplateValue.From)]);
}

using Orchard.Templates.Python;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library.Methods;

/// <summary>The methods of Python's <c>str</c> that look for a substring.</summary>
internal static class SearchMethods
{
    internal delegate bool AffixTest(ReadOnlySpan<char> text, ReadOnlySpan<char> affix);

    public static TemplateValue Count(RenderContext context, string text, CallArguments arguments)
    {
        TemplateValue[] given = arguments.Bind(context, "count", 1, string.Empty, string.Empty, string.Empty);
        string sought = ArgumentReader.ReadText(context, given[0], "count");
        if (Part(context, text, given[1], given[2], "count") is not { } part)
        {
            return TemplateValue.From(0);
        }

        context.Search(text.Length, sought.Length);
        return TemplateValue.From(sought.Length == 0 ? PythonText.Length(part.Part) + 1 : part.Part.AsSpan().Count(sought));
    }

    /// <summary>Returns a method that returns the index of a substring in code points, or -1.</summary>
    /// <param name="name">The name of the method.</param>
    /// <param name="last">Whether to find the last occurrence rather than the first.</param>
    public static TextMethod Find(string name, bool last) => (context, text, arguments) =>
        TemplateValue.From(Find(context, text, arguments, name, last));

    /// <summary>Returns a method that returns the index of a substring in code points, and fails when there is none.</summary>
    /// <param name="name">The name of the method.</param>
    /// <param name="last">Whether to find the last occurrence rather than the first.</param>
    public static TextMethod Index(string name, bool last) => (context, text, arguments) =>
        Find(context, text, arguments, name, last) is >= 0 and long at
            ? TemplateValue.From(at)
            : throw context.Fail($"'{name}' does not find the substring");

    /// <summary>Returns a method that tests for one of several prefixes or suffixes.</summary>
    public static TextMethod Affix(string name, AffixTest test) => (context, text, arguments) =>
        Affixed(context, text, arguments, name, test);

    private static long Find(RenderContext context, string text, CallArguments arguments, string name, bool last)
    {
        TemplateValue[] given = arguments.Bind(context, name, 1, string.Empty, string.Empty, string.Empty);
        string sought = ArgumentReader.ReadText(context, given[0], name);
        if (Part(context, text, given[1], given[2], name) is not { } part)
        {
            return -1;
        }

        context.Search(text.Length, sought.Length);
        int at = last
            ? part.Part.AsSpan().LastIndexOf(sought, StringComparison.Ordinal)
            : part.Part.IndexOf(sought, StringComparison.Ordinal);
        return at < 0 ? -1 : part.Start + PythonText.PointAt(part.Part, at);
    }

    private static TemplateValue Affixed(RenderContext context, string text, CallArguments arguments, string name, AffixTest test)
    {
        TemplateValue[] given = arguments.Bind(context, name, 1, string.Empty, string.Empty, string.Empty);
        TemplateValue[] affixes = given[0].Kind == TemplateKind.Tuple ? given[0].List.Items : [given[0]];
        (string Part, int Start)? part = Part(context, text, given[1], given[2], name);
        bool found = false;
        foreach (TemplateValue affix in affixes)
        {
            context.Step();
            string sought = ArgumentReader.ReadText(context, affix, name);
            found |= part is { } known && test(known.Part, sought);
        }

        return TemplateValue.From(found);
    }

    public static TemplateValue RemoveAffix(RenderContext context, string text, CallArguments arguments, string name)
    {
        string affix = ArgumentReader.ReadText(context, arguments.Bind(context, name, 1, string.Empty)[0], name);
        bool isPrefix = name == "removeprefix";
        bool found = isPrefix ? text.StartsWith(affix, StringComparison.Ordinal) : text.EndsWith(affix, StringComparison.Ordinal);
        context.Allocate(text.Length);
        return TemplateValue.From(!found ? text : isPrefix ? text[affix.Length..] : text[..^affix.Length]);
    }

    /// <summary>Returns the part between two bounds in code points, and its start; null when the start is after the end.</summary>
    private static (string Part, int Start)? Part(RenderContext context, string text, TemplateValue start, TemplateValue end, string method)
    {
        if (start.IsMissing && end.IsMissing)
        {
            return (text, 0);
        }

        int length = PythonText.Length(text);
        long from = start.IsNone ? 0 : ArgumentReader.ReadInteger(context, start, method, 0);
        long to = end.IsNone ? length : ArgumentReader.ReadInteger(context, end, method, length);
        from = from < 0 ? Math.Max(from + length, 0) : from;
        to = Math.Min(to < 0 ? Math.Max(to + length, 0) : to, length);
        return from > to ? null : (text[PythonText.OffsetOf(text, (int)from)..PythonText.OffsetOf(text, (int)to)], (int)from);
    }
}

using Orchard.Templates.Limits;

namespace Orchard.Templates.Library.Methods;

/// <summary>A format specification, the part after the colon in <c>{name:*^+#12,.3f}</c>.</summary>
/// <param name="Text">The source of the specification.</param>
/// <param name="Fill">The fill character.</param>
/// <param name="Align"><c>&lt;</c>, <c>&gt;</c>, <c>=</c> or <c>^</c>; <c>\0</c> for the default of the kind.</param>
/// <param name="Sign"><c>-</c> (default), <c>+</c> or a space.</param>
internal sealed record FormatSpec(string Text, char Fill, char Align, char Sign)
{
    private const int MaxWidth = 100_000;

    /// <summary>Whether to use the alternate form, which prefixes the base and keeps the decimal point.</summary>
    public bool IsAlternate { get; private init; }

    /// <summary>The minimum width in characters; 0 for none.</summary>
    public int Width { get; private init; }

    /// <summary>The separator of digit groups; <c>\0</c> for none.</summary>
    public char Grouping { get; private init; }

    public int? Precision { get; private init; }

    /// <summary>The conversion, such as <c>d</c> or <c>f</c>; <c>\0</c> when there is none.</summary>
    public char Type { get; private init; }

    /// <summary>Parses a specification that is not empty.</summary>
    public static FormatSpec Parse(RenderBudget budget, string text, bool isForText)
    {
        (char fill, char align, string rest) = ReadAlignment(text);
        int at = 0;
        char sign = at < rest.Length && rest[at] is '+' or '-' or ' ' ? rest[at++] : '-';
        bool isAlternate = at < rest.Length && rest[at] == '#' && at++ >= 0;
        if (at < rest.Length && rest[at] == '0')
        {
            at++;
            fill = align == '\0' ? '0' : fill;
            align = align == '\0' && !isForText ? '=' : align;
        }

        int width = ReadNumber(budget, rest, ref at) ?? 0;
        char grouping = at < rest.Length && rest[at] is ',' or '_' ? rest[at++] : '\0';
        int? precision = null;
        if (at < rest.Length && rest[at] == '.')
        {
            at++;
            precision = ReadNumber(budget, rest, ref at) ?? throw Unsuitable(budget, text);
        }

        char type = at < rest.Length ? rest[at++] : '\0';
        if (at < rest.Length)
        {
            throw Unsuitable(budget, text);
        }

        return new FormatSpec(text, fill, align, sign)
        {
            IsAlternate = isAlternate,
            Width = width,
            Grouping = grouping,
            Precision = precision,
            Type = type,
        };
    }

    /// <summary>Returns the error for a specification that does not suit the value.</summary>
    public TemplateException Unsuitable(RenderBudget budget) => Unsuitable(budget, Text);

    private static TemplateException Unsuitable(RenderBudget budget, string text) =>
        budget.Fail($"'{text}' is not a format specification for this value");

    private static (char Fill, char Align, string Remaining) ReadAlignment(string spec)
    {
        if (spec.Length > 1 && spec[1] is '<' or '>' or '=' or '^')
        {
            return (spec[0], spec[1], spec[2..]);
        }

        return spec[0] is '<' or '>' or '=' or '^' ? (' ', spec[0], spec[1..]) : (' ', '\0', spec);
    }

    private static int? ReadNumber(RenderBudget budget, string text, ref int at)
    {
        int start = at;
        int number = 0;
        for (; at < text.Length && char.IsAsciiDigit(text[at]); at++)
        {
            number = (number * 10) + (text[at] - '0');
            if (number > MaxWidth)
            {
                throw budget.Fail($"a width in a format is greater than {MaxWidth}");
            }
        }

        return at == start ? null : number;
    }
}

using System.Globalization;
using Orchard.Templates.Limits;
using Orchard.Templates.Python;

namespace Orchard.Templates.Syntax;

/// <summary>Reads number literals.</summary>
internal static class NumberLiteral
{
    /// <summary>Reads the literal at a position, which has a digit.</summary>
    public static Token Read(string source, int start, int line, out int end)
    {
        if (source[start] == '0' && start + 1 < source.Length && char.ToLowerInvariant(source[start + 1]) is 'x' or 'o' or 'b')
        {
            int radix = char.ToLowerInvariant(source[start + 1]) switch { 'x' => 16, 'o' => 8, _ => 2 };
            end = start + 2;
            while (end < source.Length && (source[end] == '_' || PythonNumber.DigitOf(source[end]) < radix))
            {
                end++;
            }

            return Integer(source[start..end], line, radix);
        }

        int digitsEnd = SkipDigits(source, start);
        int floatEnd = SkipExponent(source, SkipFraction(source, digitsEnd));

        // "a.1.2" is two subscripts, not a subscript with a fraction.
        if (floatEnd == digitsEnd || (start > 0 && source[start - 1] == '.'))
        {
            end = source[start] == '0' ? SkipZeros(source, start + 1, digitsEnd) : digitsEnd;
            return Integer(source[start..end], line, 10);
        }

        end = floatEnd;
        string digits = source[start..end].Replace("_", string.Empty, StringComparison.Ordinal);
        return new Token(TokenKind.Float, digits, line, Float: double.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture));
    }

    private static Token Integer(string digits, int line, int radix) =>
        PythonNumber.TryParseInteger(digits, radix, out long value)
            ? new Token(TokenKind.Integer, digits, line, Integer: value)
            : throw TemplateException.At(line, $"the number '{digits}' does not fit in 64 bits");

    private static int SkipDigits(string source, int at)
    {
        while (at < source.Length
            && (char.IsAsciiDigit(source[at]) || (source[at] == '_' && at + 1 < source.Length && char.IsAsciiDigit(source[at + 1]))))
        {
            at++;
        }

        return at;
    }

    private static int SkipFraction(string source, int at) =>
        at + 1 < source.Length && source[at] == '.' && char.IsAsciiDigit(source[at + 1]) ? SkipDigits(source, at + 1) : at;

    private static int SkipExponent(string source, int at)
    {
        if (at >= source.Length || source[at] is not ('e' or 'E'))
        {
            return at;
        }

        int exponent = at + 1;
        if (exponent < source.Length && source[exponent] is '+' or '-')
        {
            exponent++;
        }

        return exponent < source.Length && char.IsAsciiDigit(source[exponent]) ? SkipDigits(source, exponent) : at;
    }

    // A decimal integer that begins with 0 is 0: other digits after it are the next token.
    private static int SkipZeros(string source, int at, int end)
    {
        while (at < end && source[at] is '0' or '_')
        {
            at++;
        }

        return at;
    }
}

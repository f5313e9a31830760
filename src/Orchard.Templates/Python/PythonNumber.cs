using System.Globalization;

namespace Orchard.Templates.Python;

/// <summary>Parses numbers as Python's <c>int()</c> and <c>float()</c> do.</summary>
internal static class PythonNumber
{
    /// <summary>Returns the value of a digit in bases up to 36; <see cref="int.MaxValue"/> for other characters.</summary>
    public static int DigitOf(char value) => value switch
    {
        >= '0' and <= '9' => value - '0',
        >= 'a' and <= 'z' => value - 'a' + 10,
        >= 'A' and <= 'Z' => value - 'A' + 10,
        _ => int.MaxValue,
    };

    /// <summary>Parses an integer with optional white space, sign, base prefix, and single underscores between digits.</summary>
    public static bool TryParseInteger(ReadOnlySpan<char> text, int radix, out long value)
    {
        value = 0;
        text = PythonText.Trim(text);
        bool negative = text.Length > 0 && text[0] == '-';
        if (text.Length > 0 && text[0] is '-' or '+')
        {
            text = text[1..];
        }

        bool prefixed = false;
        if (text.Length > 1 && text[0] == '0')
        {
            int named = char.ToLowerInvariant(text[1]) switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 0 };
            if (named != 0 && (radix == named || radix == 0))
            {
                radix = named;
                text = text[2..];
                prefixed = true;
            }
        }

        radix = radix == 0 ? 10 : radix;
        bool afterDigit = prefixed;
        if (text.Length == 0)
        {
            return false;
        }

        foreach (char digit in text)
        {
            if (digit == '_' && afterDigit)
            {
                afterDigit = false;
                continue;
            }

            int number = DigitOf(digit);
            if (number >= radix)
            {
                return false;
            }

            long next = unchecked((value * radix) - number);
            if (value < (long.MinValue + number) / radix)
            {
                return false;
            }

            value = next;
            afterDigit = true;
        }

        if (!afterDigit || (!negative && value == long.MinValue))
        {
            return false;
        }

        value = negative ? value : -value;
        return true;
    }

    public static bool TryParseFloat(string text, out double value)
    {
        value = 0;
        ReadOnlySpan<char> trimmed = PythonText.Trim(text);
        if (trimmed.Length == 0)
        {
            return false;
        }

        bool negative = trimmed[0] == '-';
        ReadOnlySpan<char> body = trimmed[0] is '-' or '+' ? trimmed[1..] : trimmed;
        if (body.Equals("inf", StringComparison.OrdinalIgnoreCase) || body.Equals("infinity", StringComparison.OrdinalIgnoreCase))
        {
            value = negative ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }

        if (body.Equals("nan", StringComparison.OrdinalIgnoreCase))
        {
            value = double.NaN;
            return true;
        }

        string digits = body.ToString();
        for (int i = 0; i < digits.Length; i++)
        {
            bool between = i > 0 && i + 1 < digits.Length && char.IsAsciiDigit(digits[i - 1]) && char.IsAsciiDigit(digits[i + 1]);
            if (digits[i] == '_' && !between)
            {
                return false;
            }
        }

        digits = digits.Replace("_", string.Empty, StringComparison.Ordinal);
        const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        bool read = double.TryParse(digits, Style, CultureInfo.InvariantCulture, out value);
        value = negative ? -value : value;
        return read;
    }
}

using System.Globalization;
using System.Text;

namespace Orchard.Templates.Python;

/// <summary>Formats numbers as Python's <c>repr()</c> does.</summary>
internal static class NumberText
{
    /// <summary>Returns the shortest text that parses back to the same number, as Python's <c>repr(float)</c>.</summary>
    public static string Repr(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }

        (bool negative, string digits, int exponent) = Digits(value);
        var text = new StringBuilder(negative ? "-" : string.Empty);
        if (exponent is >= -4 and < 16)
        {
            AppendFixed(text, digits, exponent);
            return text.ToString();
        }

        text.Append(digits[0]);
        if (digits.Length > 1)
        {
            text.Append('.').Append(digits, 1, digits.Length - 1);
        }

        text.Append('e').Append(exponent < 0 ? '-' : '+');
        return text.Append(Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture)).ToString();
    }

    public static string Repr(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static (bool Negative, string Digits, int Exponent) Digits(double value)
    {
        // "R" gives the shortest round-trip digits, but switches to scientific notation at other exponents than Python.
        string shortest = value.ToString("R", CultureInfo.InvariantCulture);
        bool negative = double.IsNegative(value);
        int split = shortest.IndexOf('E', StringComparison.Ordinal);
        int exponent = split < 0 ? 0 : int.Parse(shortest.AsSpan(split + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string mantissa = (split < 0 ? shortest : shortest[..split]).TrimStart('-');
        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        string all = mantissa.Replace(".", string.Empty, StringComparison.Ordinal);
        int leading = all.Length - all.TrimStart('0').Length;
        string digits = all.Trim('0');
        if (digits.Length == 0)
        {
            return (negative, "0", 0);
        }

        return (negative, digits, exponent + (point < 0 ? mantissa.Length : point) - 1 - leading);
    }

    private static void AppendFixed(StringBuilder text, string digits, int exponent)
    {
        if (exponent < 0)
        {
            text.Append("0.").Append('0', -exponent - 1).Append(digits);
        }
        else if (digits.Length <= exponent + 1)
        {
            text.Append(digits).Append('0', exponent + 1 - digits.Length).Append(".0");
        }
        else
        {
            text.Append(digits, 0, exponent + 1).Append('.').Append(digits, exponent + 1, digits.Length - exponent - 1);
        }
    }
}

using System.Globalization;
using System.Text;

namespace Orchard.Templates.Values;

/// <summary>Numbers as Python compares and writes them.</summary>
internal static class Numbers
{
    private const double TwoTo63 = 9223372036854775808.0;

    public static bool AreEqual(TemplateValue x, TemplateValue y) =>
        x.IsInteger && y.IsInteger ? x.Int == y.Int : Compare(x, y) == 0;

    /// <summary>Negative, zero or positive; null when one is not a number (NaN).</summary>
    public static int? Compare(TemplateValue x, TemplateValue y)
    {
        if (x.IsInteger && y.IsInteger)
        {
            return x.Int.CompareTo(y.Int);
        }

        if (x.IsInteger)
        {
            return -Compare(y.Float, x.Int);
        }

        if (y.IsInteger)
        {
            return Compare(x.Float, y.Int);
        }

        return double.IsNaN(x.Float) || double.IsNaN(y.Float) ? null : x.Float.CompareTo(y.Float);
    }

    /// <summary>The shortest text that reads back as the same number.</summary>
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

        return text.Append('e').Append(exponent < 0 ? '-' : '+').Append(Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture)).ToString();
    }

    public static string Repr(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static int? Compare(double x, long y)
    {
        if (double.IsNaN(x))
        {
            return null;
        }

        if (x >= TwoTo63)
        {
            return 1;
        }

        if (x < -TwoTo63)
        {
            return -1;
        }

        double whole = Math.Floor(x);
        int order = ((long)whole).CompareTo(y);
        return order != 0 ? order : x > whole ? 1 : 0;
    }

    private static (bool Negative, string Digits, int Exponent) Digits(double value)
    {
        // "R" is the shortest round trip; its own choice between fixed and scientific is not Python's.
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

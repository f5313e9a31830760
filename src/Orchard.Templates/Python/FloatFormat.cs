using System.Globalization;
using System.Numerics;

namespace Orchard.Templates.Python;

/// <summary>Formats and rounds floats to a given number of digits, as C and Python do.</summary>
internal static class FloatFormat
{
    /// <summary>Formats a number with a <c>printf</c> conversion.</summary>
    /// <param name="value">The number; not negative.</param>
    /// <param name="type">The conversion: <c>f</c>, <c>e</c> or <c>g</c>, or one of them in upper case.</param>
    /// <param name="precision">The number of digits after the decimal point; for <c>g</c>, of significant digits.</param>
    /// <param name="alternate">Whether to keep the decimal point and, for <c>g</c>, trailing zeros.</param>
    public static string Format(double value, char type, int precision, bool alternate)
    {
        bool upper = char.IsUpper(type);
        if (!double.IsFinite(value))
        {
            string special = double.IsNaN(value) ? "nan" : "inf";
            return upper ? special.ToUpperInvariant() : special;
        }

        string text = char.ToLowerInvariant(type) switch
        {
            'f' => Fixed(value, precision),
            'e' => Scientific(value, precision),
            _ => General(value, Math.Max(precision, 1), alternate, pointed: false),
        };
        text = alternate && precision == 0 && !text.Contains('.', StringComparison.Ordinal) ? text + "." : text;
        return upper ? text.ToUpperInvariant() : text;
    }

    /// <summary>Formats with a precision and no conversion: significant digits, always with a decimal point or an exponent.</summary>
    public static string Pointed(double value, int precision) =>
        double.IsFinite(value) ? General(value, Math.Max(precision, 1), alternate: false, pointed: true) : NumberText.Repr(value);

    /// <summary>Rounds as Python's <c>round()</c>: the exact binary value, with ties to even.</summary>
    public static double Round(double value, int digits)
    {
        if (!double.IsFinite(value) || digits > 320)
        {
            return value;
        }

        if (digits < -310)
        {
            return Math.CopySign(0, value);
        }

        if (digits < 0)
        {
            double scale = Math.Pow(10, -digits);
            return Math.Round(value / scale, MidpointRounding.ToEven) * scale;
        }

        return Math.CopySign(double.Parse(Fixed(Math.Abs(value), digits), CultureInfo.InvariantCulture), value);
    }

    private static string Fixed(double value, int precision)
    {
        // .NET rounds the exact value, but ties away from zero; C rounds ties to even. Ties occur only for values with few digits.
        string text = value.ToString("F" + precision, CultureInfo.InvariantCulture);
        return IsHalf(value, precision) ? HalfToEven(value, precision) : text;
    }

    private static bool IsHalf(double value, int precision)
    {
        if (value == 0 || value >= 1e15 || precision > 40)
        {
            return false;
        }

        (BigInteger numerator, BigInteger denominator) = Exact(value);
        BigInteger scaled = numerator * BigInteger.Pow(10, precision) * 2;
        BigInteger quotient = BigInteger.DivRem(scaled, denominator, out BigInteger rest);
        return rest.IsZero && !quotient.IsEven;
    }

    private static string HalfToEven(double value, int precision)
    {
        (BigInteger numerator, BigInteger denominator) = Exact(value);
        BigInteger down = BigInteger.Divide(numerator * BigInteger.Pow(10, precision), denominator);
        BigInteger even = down.IsEven ? down : down + 1;
        string digits = even.ToString(CultureInfo.InvariantCulture).PadLeft(precision + 1, '0');
        return precision == 0 ? digits : digits[..^precision] + "." + digits[^precision..];
    }

    private static (BigInteger Numerator, BigInteger Denominator) Exact(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)((bits >> 52) & 0x7FF);
        long mantissa = bits & 0xFFFFFFFFFFFFF;
        mantissa = exponent == 0 ? mantissa : mantissa | (1L << 52);
        int power = Math.Max(exponent, 1) - 1075;
        return power >= 0 ? (new BigInteger(mantissa) << power, BigInteger.One) : (mantissa, BigInteger.One << -power);
    }

    private static string Scientific(double value, int precision) =>
        ShortExponent(value.ToString("e" + precision, CultureInfo.InvariantCulture));

    private static string ShortExponent(string text)
    {
        int at = text.IndexOf('e', StringComparison.Ordinal);
        string digits = text[(at + 2)..].TrimStart('0').PadLeft(2, '0');
        return text[..(at + 2)] + digits;
    }

    private static string General(double value, int precision, bool alternate, bool pointed)
    {
        if (value == 0)
        {
            return alternate ? "0." + new string('0', precision - 1) : pointed && precision > 1 ? "0.0" : pointed ? "0e+00" : "0";
        }

        string scientific = ShortExponent(value.ToString("e" + (precision - 1), CultureInfo.InvariantCulture));
        int mark = scientific.IndexOf('e', StringComparison.Ordinal);
        int exponent = int.Parse(scientific.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (exponent < -4 || exponent >= (pointed ? precision - 1 : precision))
        {
            if (alternate || !scientific.Contains('.', StringComparison.Ordinal))
            {
                return scientific;
            }

            return scientific[..mark].TrimEnd('0').TrimEnd('.') + scientific[mark..];
        }

        string text = Fixed(value, precision - 1 - exponent);
        if (alternate || !text.Contains('.', StringComparison.Ordinal))
        {
            return pointed ? text + ".0" : text;
        }

        text = text.TrimEnd('0').TrimEnd('.');
        return pointed && !text.Contains('.', StringComparison.Ordinal) ? text + ".0" : text;
    }
}

using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Orchard.Grammars.Schemas;

/// <summary>A number of any size, without rounding: <see cref="Digits"/> divided by ten to the power of <see cref="Scale"/>.</summary>
internal readonly record struct ExactNumber : IComparable<ExactNumber>
{
    // A double has at most 309 digits before and 1074 after the decimal point.
    private const int MaxExponent = 2_000;

    /// <param name="digits">The digits, with their sign.</param>
    /// <param name="scale">How many of them follow the decimal point.</param>
    public ExactNumber(BigInteger digits, int scale = 0)
    {
        while (scale > 0 && (digits % 10).IsZero)
        {
            digits /= 10;
            scale--;
        }

        Digits = digits;
        Scale = scale;
    }

    public BigInteger Digits { get; }

    /// <summary>The number of decimal places; 0 for an integer.</summary>
    public int Scale { get; }

    public bool IsInteger => Scale == 0;

    public static bool operator <(ExactNumber a, ExactNumber b) => a.CompareTo(b) < 0;

    public static bool operator >(ExactNumber a, ExactNumber b) => a.CompareTo(b) > 0;

    public static bool operator <=(ExactNumber a, ExactNumber b) => a.CompareTo(b) <= 0;

    public static bool operator >=(ExactNumber a, ExactNumber b) => a.CompareTo(b) >= 0;

    /// <summary>Reads a JSON number; null if it has more digits than any double.</summary>
    public static ExactNumber? Find(JsonElement number)
    {
        string text = number.GetRawText();
        if (text.Length > MaxExponent)
        {
            return null;
        }

        int exponentAt = text.AsSpan().IndexOfAny('e', 'E');
        string mantissa = exponentAt < 0 ? text : text[..exponentAt];
        ReadOnlySpan<char> power = exponentAt < 0 ? "0" : text.AsSpan(exponentAt + 1);
        if (!int.TryParse(power, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int exponent)
            || Math.Abs((long)exponent) > MaxExponent)
        {
            return null;
        }

        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        int places = point < 0 ? 0 : mantissa.Length - point - 1;
        BigInteger digits = BigInteger.Parse(mantissa.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        int scale = places - exponent;
        return scale >= 0 ? new ExactNumber(digits, scale) : new ExactNumber(digits * BigInteger.Pow(10, -scale));
    }

    /// <summary>Returns the number in units of ten to the power of minus <paramref name="places"/>, rounded down.</summary>
    public BigInteger Floor(int places = 0)
    {
        if (places >= Scale)
        {
            return Digits * BigInteger.Pow(10, places - Scale);
        }

        BigInteger unit = BigInteger.Pow(10, Scale - places);
        BigInteger rounded = BigInteger.DivRem(Digits, unit, out BigInteger rest);
        return rest.Sign < 0 ? rounded - 1 : rounded;
    }

    /// <summary>Returns the number in units of ten to the power of minus <paramref name="places"/>, rounded up.</summary>
    public BigInteger Ceiling(int places = 0) => -new ExactNumber(-Digits, Scale).Floor(places);

    /// <summary>Whether the number is a multiple of another one, which is positive.</summary>
    public bool IsMultipleOf(ExactNumber factor)
    {
        int places = Math.Max(Scale, factor.Scale);
        return (Floor(places) % factor.Floor(places)).IsZero;
    }

    /// <summary>Returns the smallest number that is a multiple of two positive numbers.</summary>
    public static ExactNumber LeastCommonMultiple(ExactNumber a, ExactNumber b)
    {
        int places = Math.Max(a.Scale, b.Scale);
        BigInteger left = a.Floor(places);
        BigInteger right = b.Floor(places);
        return new ExactNumber(left / BigInteger.GreatestCommonDivisor(left, right) * right, places);
    }

    public int CompareTo(ExactNumber other)
    {
        int places = Math.Max(Scale, other.Scale);
        return Floor(places).CompareTo(other.Floor(places));
    }
}

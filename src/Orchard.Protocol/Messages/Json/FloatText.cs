using System.Buffers.Text;
using System.Globalization;

namespace Orchard.Protocol.Messages.Json;

/// <summary>
/// Formats finite doubles exactly as PIE's reference serializer does: the shortest digits that round-trip, always with a fraction or an
/// exponent, in positional notation for decimal exponents from -4 to 15.
/// </summary>
internal static class FloatText
{
    /// <summary>Upper bound of the length of a result, such as <c>-2.2250738585072014e-308</c>.</summary>
    public const int MaxLength = 32;

    private const int SmallestPositional = -4;
    private const int FirstScientific = 16;

    /// <summary>Writes <paramref name="value"/> and returns the number of bytes.</summary>
    public static int Format(double value, Span<byte> destination)
    {
        Span<byte> digits = stackalloc byte[MaxLength];
        int count = SplitDigits(value, digits, out int exponent);
        digits = digits[..count];

        var text = new AsciiText(destination);
        if (double.IsNegative(value))
        {
            text.Append((byte)'-');
        }

        if (exponent is < SmallestPositional or >= FirstScientific)
        {
            AppendScientific(ref text, digits, exponent);
        }
        else
        {
            AppendPositional(ref text, digits, exponent);
        }

        return text.Length;
    }

    /// <summary>
    /// Extracts the shortest significant digits without leading or trailing zeros, and the decimal exponent of the first digit.
    /// </summary>
    private static int SplitDigits(double value, Span<byte> digits, out int exponent)
    {
        Span<byte> text = stackalloc byte[MaxLength];
        _ = Math.Abs(value).TryFormat(text, out int length, "R", CultureInfo.InvariantCulture);
        text = text[..length];

        exponent = 0;
        int mark = text.IndexOf((byte)'E');
        if (mark >= 0)
        {
            _ = Utf8Parser.TryParse(text[(mark + 1)..], out exponent, out _);
            text = text[..mark];
        }

        int point = text.IndexOf((byte)'.');
        exponent += (point < 0 ? text.Length : point) - 1;

        int count = 0;
        foreach (byte c in text)
        {
            if (c == '.')
            {
                continue;
            }

            if (count == 0 && c == '0')
            {
                exponent--;
                continue;
            }

            digits[count++] = c;
        }

        while (count > 0 && digits[count - 1] == '0')
        {
            count--;
        }

        if (count == 0)
        {
            digits[count++] = (byte)'0';
            exponent = 0;
        }

        return count;
    }

    private static void AppendScientific(ref AsciiText text, scoped ReadOnlySpan<byte> digits, int exponent)
    {
        text.Append(digits[0]);
        if (digits.Length > 1)
        {
            text.Append((byte)'.');
            text.Append(digits[1..]);
        }

        text.Append((byte)'e');
        text.Append(exponent < 0 ? (byte)'-' : (byte)'+');
        text.AppendAtLeastTwoDigits(Math.Abs(exponent));
    }

    private static void AppendPositional(ref AsciiText text, scoped ReadOnlySpan<byte> digits, int exponent)
    {
        int whole = exponent + 1;
        if (whole <= 0)
        {
            text.Append("0."u8);
            text.AppendZeros(-whole);
            text.Append(digits);
            return;
        }

        int inWhole = Math.Min(whole, digits.Length);
        text.Append(digits[..inWhole]);
        text.AppendZeros(whole - inWhole);
        text.Append((byte)'.');
        text.Append(inWhole < digits.Length ? digits[inWhole..] : "0"u8);
    }

    private ref struct AsciiText(Span<byte> destination)
    {
        private readonly Span<byte> _destination = destination;

        public int Length { get; private set; }

        public void Append(byte c) => _destination[Length++] = c;

        public void Append(scoped ReadOnlySpan<byte> text)
        {
            text.CopyTo(_destination[Length..]);
            Length += text.Length;
        }

        public void AppendZeros(int count)
        {
            _destination.Slice(Length, count).Fill((byte)'0');
            Length += count;
        }

        public void AppendAtLeastTwoDigits(int number)
        {
            _ = number.TryFormat(_destination[Length..], out int written, "D2", CultureInfo.InvariantCulture);
            Length += written;
        }
    }
}

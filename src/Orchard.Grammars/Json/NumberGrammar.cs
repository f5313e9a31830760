using System.Globalization;
using System.Numerics;
using Orchard.Grammars.Characters;
using Orchard.Grammars.Nodes;
using Orchard.Grammars.Schemas;

namespace Orchard.Grammars.Json;

/// <summary>JSON numbers within bounds.</summary>
internal static class NumberGrammar
{
    private const int MaxDigits = 15;
    private const int DecimalPlaces = 6;

    /// <summary>
    /// The largest number that is generated unless a bound requires larger ones. A double represents 15 digits exactly.
    /// </summary>
    public static BigInteger LargestNumber { get; } = BigInteger.Pow(10, MaxDigits) - 1;

    /// <summary>Returns a node for any number of at most 15 digits before and 6 after the decimal point.</summary>
    public static GrammarNode Any() => GrammarNode.Sequence(
        GrammarNode.Optional(GrammarNode.Literal("-")),
        Whole(),
        OptionalPlaces(DecimalPlaces));

    /// <summary>Returns a node for any such number that is not an integer.</summary>
    public static GrammarNode Fractions() => GrammarNode.Sequence(
        GrammarNode.Optional(GrammarNode.Literal("-")),
        Whole(),
        GrammarNode.Literal("."),
        DigitGrammar.Digits(0, DecimalPlaces - 1),
        GrammarNode.Characters(CodePointSet.Of(('1', '9'))));

    /// <summary>Returns a node for the integers within bounds that are multiples of a number. A null bound means unlimited.</summary>
    public static GrammarNode Integers(BigInteger? min, BigInteger? max, int multipleOf) =>
        Signed(Limited(min, max), (low, high) => DigitGrammar.Positive(low, high, multipleOf), "0");

    /// <summary>
    /// Returns a node for the multiples within bounds of a number with a few decimal places, all of which are written: 0.50.
    /// </summary>
    /// <param name="min">The least multiple, in units of the last decimal place; null means unlimited.</param>
    /// <param name="max">The largest multiple, in the same units; null means unlimited.</param>
    /// <param name="multipleOf">The number, in the same units.</param>
    /// <param name="places">The number of decimal places.</param>
    public static GrammarNode Multiples(BigInteger? min, BigInteger? max, int multipleOf, int places) => Signed(
        Limited(min, max), (low, high) => DigitGrammar.Multiples(low, high, multipleOf, places), $"0.{new string('0', places)}");

    /// <summary>Returns a node for numbers within bounds. A null bound means unlimited.</summary>
    public static GrammarNode Decimals(ExactNumber? min, bool isMinExclusive, ExactNumber? max, bool isMaxExclusive)
    {
        // As many decimal places as it takes for a number to be between the bounds.
        int places = DecimalPlaces;
        if (min is { } from && max is { } to && to.Floor(DecimalPlaces) - from.Ceiling(DecimalPlaces) < 2)
        {
            places = Math.Max(Math.Max(from.Scale, to.Scale) + 1, DecimalPlaces);
        }

        // All numbers here are in units of the last decimal place.
        BigInteger limit = LargestNumber * BigInteger.Pow(10, places);
        BigInteger low = min is { } least ? least.Ceiling(places) + (isMinExclusive && least.Scale <= places ? 1 : 0) : -limit;
        BigInteger high = max is { } most ? most.Floor(places) - (isMaxExclusive && most.Scale <= places ? 1 : 0) : limit;
        return Signed((low, high), (first, last) => PositiveDecimals(first, last, places), "0");
    }

    // Without a bound, numbers end where the other bound requires it, or else at the largest number that is exact everywhere.
    private static (BigInteger Low, BigInteger High) Limited(BigInteger? min, BigInteger? max)
    {
        BigInteger high = max ?? BigInteger.Max(LargestNumber, (min ?? 0) * 10);
        BigInteger low = min ?? BigInteger.Min(-LargestNumber, (max ?? 0) * 10);
        return (
            max is null || max >= -LargestNumber ? BigInteger.Max(low, -LargestNumber) : low,
            min is null || min <= LargestNumber ? BigInteger.Min(high, LargestNumber) : high);
    }

    private static GrammarNode Signed(
        (BigInteger Low, BigInteger High) range, Func<BigInteger, BigInteger, GrammarNode> positive, string zero)
    {
        (BigInteger low, BigInteger high) = range;
        var options = new List<GrammarNode>();
        if (low <= 0 && high >= 0)
        {
            options.Add(GrammarNode.Literal(zero));
        }

        if (high > 0)
        {
            options.Add(positive(BigInteger.Max(low, 1), high));
        }

        if (low < 0)
        {
            options.Add(GrammarNode.Sequence(GrammarNode.Literal("-"), positive(BigInteger.Max(-high, 1), -low)));
        }

        return GrammarNode.Choice(options);
    }

    private static GrammarNode PositiveDecimals(BigInteger low, BigInteger high, int places)
    {
        if (low > high)
        {
            return GrammarNode.Nothing;
        }

        BigInteger unit = BigInteger.Pow(10, places);
        BigInteger first = BigInteger.DivRem(low, unit, out BigInteger firstPlaces);
        BigInteger last = BigInteger.DivRem(high, unit, out BigInteger lastPlaces);
        if (first == last)
        {
            return WithPlaces(first, firstPlaces, lastPlaces, places);
        }

        var options = new List<GrammarNode> { WithPlaces(first, firstPlaces, unit - 1, places), WithPlaces(last, 0, lastPlaces, places) };
        if (last - first > 1)
        {
            options.Add(GrammarNode.Sequence(DigitGrammar.Positive(first + 1, last - 1, 1), OptionalPlaces(places)));
        }

        return GrammarNode.Choice(options);
    }

    private static GrammarNode WithPlaces(BigInteger whole, BigInteger low, BigInteger high, int places)
    {
        GrammarNode start = GrammarNode.Literal(whole.ToString(CultureInfo.InvariantCulture));
        GrammarNode fraction = GrammarNode.Sequence(
            GrammarNode.Literal("."), DigitGrammar.Range(Padded(low, places), Padded(high, places)));
        return GrammarNode.Sequence(start, low.IsZero ? GrammarNode.Optional(fraction) : fraction);
    }

    private static GrammarNode Whole() => GrammarNode.Choice(
        GrammarNode.Literal("0"),
        GrammarNode.Sequence(GrammarNode.Characters(CodePointSet.Of(('1', '9'))), DigitGrammar.Digits(0, MaxDigits - 1)));

    private static GrammarNode OptionalPlaces(int places) =>
        GrammarNode.Optional(GrammarNode.Sequence(GrammarNode.Literal("."), DigitGrammar.Digits(1, places)));

    private static string Padded(BigInteger value, int places) => value.ToString(CultureInfo.InvariantCulture).PadLeft(places, '0');
}

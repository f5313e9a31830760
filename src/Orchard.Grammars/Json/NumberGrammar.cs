using System.Globalization;
using System.Numerics;
using Orchard.Grammars.Characters;
using Orchard.Grammars.Nodes;

namespace Orchard.Grammars.Json;

/// <summary>JSON numbers within bounds.</summary>
internal static class NumberGrammar
{
    /// <summary>The largest number that is generated, except for constants of a schema. A double represents 15 digits exactly.</summary>
    public const decimal LargestNumber = 999_999_999_999_999;

    private const int MaxDigits = 15;

    private const int DecimalPlaces = 6;
    private static readonly BigInteger Scale = BigInteger.Pow(10, DecimalPlaces);

    /// <summary>Returns a node for any number of at most 15 digits before and 6 after the decimal point.</summary>
    public static GrammarNode Any() => GrammarNode.Sequence(
        GrammarNode.Optional(GrammarNode.Literal("-")),
        GrammarNode.Choice(
            GrammarNode.Literal("0"),
            GrammarNode.Sequence(GrammarNode.Characters(CodePointSet.Of(('1', '9'))), DigitGrammar.Digits(0, MaxDigits - 1))),
        OptionalPlaces());

    /// <summary>Returns a node for the integers within bounds that are multiples of a number. A null bound means unlimited.</summary>
    public static GrammarNode Integers(BigInteger? min, BigInteger? max, int multipleOf)
    {
        BigInteger limit = new(LargestNumber);
        return Signed(
            BigInteger.Max(min ?? -limit, -limit),
            BigInteger.Min(max ?? limit, limit),
            (low, high) => DigitGrammar.Positive(low, high, multipleOf));
    }

    /// <summary>Returns a node for numbers within bounds, with at most six decimal places. A null bound means unlimited.</summary>
    public static GrammarNode Decimals(decimal? min, bool isMinExclusive, decimal? max, bool isMaxExclusive)
    {
        // All numbers here are in millionths.
        BigInteger limit = new BigInteger(LargestNumber) * Scale;
        BigInteger low = min is { } least ? Ceiling(least) + (isMinExclusive && IsExact(least) ? 1 : 0) : -limit;
        BigInteger high = max is { } most ? Floor(most) - (isMaxExclusive && IsExact(most) ? 1 : 0) : limit;
        return Signed(low, high, PositiveDecimals);
    }

    private static GrammarNode Signed(BigInteger low, BigInteger high, Func<BigInteger, BigInteger, GrammarNode> positive)
    {
        var options = new List<GrammarNode>();
        if (low <= 0 && high >= 0)
        {
            options.Add(GrammarNode.Literal("0"));
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

    private static GrammarNode PositiveDecimals(BigInteger low, BigInteger high)
    {
        if (low > high)
        {
            return GrammarNode.Nothing;
        }

        BigInteger first = BigInteger.DivRem(low, Scale, out BigInteger firstPlaces);
        BigInteger last = BigInteger.DivRem(high, Scale, out BigInteger lastPlaces);
        if (first == last)
        {
            return WithPlaces(first, firstPlaces, lastPlaces);
        }

        var options = new List<GrammarNode> { WithPlaces(first, firstPlaces, Scale - 1), WithPlaces(last, 0, lastPlaces) };
        if (last - first > 1)
        {
            options.Add(GrammarNode.Sequence(DigitGrammar.Positive(first + 1, last - 1, 1), OptionalPlaces()));
        }

        return GrammarNode.Choice(options);
    }

    private static GrammarNode WithPlaces(BigInteger whole, BigInteger low, BigInteger high)
    {
        GrammarNode start = GrammarNode.Literal(whole.ToString(CultureInfo.InvariantCulture));
        GrammarNode places = GrammarNode.Sequence(GrammarNode.Literal("."), DigitGrammar.Range(Padded(low), Padded(high)));
        return GrammarNode.Sequence(start, low.IsZero ? GrammarNode.Optional(places) : places);
    }

    private static GrammarNode OptionalPlaces() =>
        GrammarNode.Optional(GrammarNode.Sequence(GrammarNode.Literal("."), DigitGrammar.Digits(1, DecimalPlaces)));

    private static string Padded(BigInteger value) => value.ToString(CultureInfo.InvariantCulture).PadLeft(DecimalPlaces, '0');

    private static BigInteger Floor(decimal value) =>
        (new BigInteger(decimal.Floor(value)) * Scale) + new BigInteger(decimal.Floor((value - decimal.Floor(value)) * (decimal)Scale));

    private static BigInteger Ceiling(decimal value) => -Floor(-value);

    private static bool IsExact(decimal value) => Floor(value) == Ceiling(value);
}

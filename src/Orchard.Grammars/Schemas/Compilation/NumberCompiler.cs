using System.Globalization;
using System.Numerics;
using Orchard.Grammars.Json;
using Orchard.Grammars.Nodes;

namespace Orchard.Grammars.Schemas.Compilation;

/// <summary>Compiles the constraints on numbers.</summary>
/// <param name="gaps">Receives the constraints that cannot be enforced.</param>
internal sealed class NumberCompiler(SchemaGaps gaps)
{
    private const int LargestFactor = 1_000;

    // Above, neighboring integers are the same double.
    private const int DoubleBits = 53;

    /// <exception cref="SchemaException">The constraints cannot be enforced, and must be.</exception>
    public GrammarNode Compile(Constraints all)
    {
        all = WithoutDistantBounds(all);
        if (all.IsFraction)
        {
            if (all.Minimum is not null || all.Maximum is not null || all.MultipleOf is not null)
            {
                gaps.Add(new SchemaException(all.Path, "not", "numbers that are not integers cannot be combined with other constraints."));
            }

            return NumberGrammar.Fractions();
        }

        if (all.MultipleOf is { } factor && !(all.IsInteger && factor == new ExactNumber(1)))
        {
            return Multiples(all, all.IsInteger ? ExactNumber.LeastCommonMultiple(factor, new ExactNumber(1)) : factor);
        }

        // Next to a large bound, parsers would round a number with decimal places to the bound itself.
        if (all.IsInteger || IsLarge(all.Minimum) || IsLarge(all.Maximum))
        {
            return NumberGrammar.Integers(Low(all, 0), High(all, 0), 1);
        }

        return all.Minimum is null && all.Maximum is null
            ? NumberGrammar.Any()
            : NumberGrammar.Decimals(all.Minimum, all.IsMinimumExclusive, all.Maximum, all.IsMaximumExclusive);
    }

    // Bounds beyond all numbers that are generated otherwise, such as those of a double.
    private static Constraints WithoutDistantBounds(Constraints all)
    {
        var limit = new ExactNumber(NumberGrammar.LargestNumber);
        var least = new ExactNumber(-NumberGrammar.LargestNumber);
        bool isSmall = !(all.Minimum > limit) && !(all.Maximum < least);
        return all with
        {
            Minimum = isSmall && all.Minimum < least ? null : all.Minimum,
            Maximum = isSmall && all.Maximum > limit ? null : all.Maximum,
        };
    }

    private GrammarNode Multiples(Constraints all, ExactNumber factor)
    {
        if (factor.Scale > 0)
        {
            return factor.Digits <= LargestFactor
                ? NumberGrammar.Multiples(Low(all, factor.Scale), High(all, factor.Scale), (int)factor.Digits, factor.Scale)
                : WithoutFactor(all, factor);
        }

        // The zeros at the end of a factor are written as such.
        BigInteger rest = factor.Digits;
        BigInteger unit = BigInteger.One;
        while (rest > LargestFactor && (rest % 10).IsZero)
        {
            rest /= 10;
            unit *= 10;
        }

        if (rest > LargestFactor)
        {
            return WithoutFactor(all, factor);
        }

        if (unit.IsOne)
        {
            return NumberGrammar.Integers(Low(all, 0), High(all, 0), (int)rest);
        }

        BigInteger? low = Low(all, 0) is { } min ? -FloorDivide(-min, unit) : null;
        BigInteger? high = High(all, 0) is { } max ? FloorDivide(max, unit) : null;
        GrammarNode zeros = GrammarNode.Literal(unit.ToString(CultureInfo.InvariantCulture)[1..]);
        var options = new List<GrammarNode>();
        if (!(low > 0) && !(high < 0))
        {
            options.Add(GrammarNode.Literal("0"));
        }

        if (!(high < 1))
        {
            options.Add(GrammarNode.Sequence(NumberGrammar.Integers(low > 1 ? low : 1, high, (int)rest), zeros));
        }

        if (!(low > -1))
        {
            options.Add(GrammarNode.Sequence(NumberGrammar.Integers(low, high < -1 ? high : -1, (int)rest), zeros));
        }

        return GrammarNode.Choice(options);
    }

    private GrammarNode WithoutFactor(Constraints all, ExactNumber factor)
    {
        gaps.Add(new SchemaException(
            all.Path,
            "multipleOf",
            $"multiples of {factor.Digits}{(factor.Scale > 0 ? $"e-{factor.Scale}" : "")} cannot be enforced; "
            + $"the largest supported factor is {LargestFactor:N0}, also with decimal places or zeros after it."));
        return Compile(all with { MultipleOf = null, IsInteger = all.IsInteger || factor.IsInteger });
    }

    private static BigInteger FloorDivide(BigInteger value, BigInteger unit)
    {
        BigInteger rounded = BigInteger.DivRem(value, unit, out BigInteger rest);
        return rest.Sign < 0 ? rounded - 1 : rounded;
    }

    private static BigInteger? Low(Constraints all, int places) => all.Minimum is { } min
        ? min.Ceiling(places) + (all.IsMinimumExclusive && min.Scale <= places ? Step(min) : 0)
        : null;

    private static BigInteger? High(Constraints all, int places) => all.Maximum is { } max
        ? max.Floor(places) - (all.IsMaximumExclusive && max.Scale <= places ? Step(max) : 0)
        : null;

    // To the next number that parsers tell apart.
    private static BigInteger Step(ExactNumber bound)
    {
        long bits = BigInteger.Abs(bound.Floor()).GetBitLength();
        return bits <= DoubleBits ? 1 : BigInteger.One << (int)(bits - DoubleBits + 1);
    }

    private static bool IsLarge(ExactNumber? bound) => bound is { } value && BigInteger.Abs(value.Floor()) >= 1_000_000_000;
}

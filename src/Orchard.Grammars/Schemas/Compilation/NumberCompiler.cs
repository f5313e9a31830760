using System.Numerics;
using Orchard.Grammars.Json;
using Orchard.Grammars.Nodes;

namespace Orchard.Grammars.Schemas.Compilation;

/// <summary>Compiles the constraints on numbers.</summary>
internal static class NumberCompiler
{
    private const int LargestFactor = 1_000;

    /// <exception cref="SchemaException">A bound is too large, or the combination of <c>multipleOf</c> keywords.</exception>
    public static GrammarNode Compile(Constraints all)
    {
        if (all.Minimum > NumberGrammar.LargestNumber || all.Maximum < -NumberGrammar.LargestNumber)
        {
            bool isMinimum = all.Minimum > NumberGrammar.LargestNumber;
            string keyword = isMinimum
                ? all.IsMinimumExclusive ? "exclusiveMinimum" : "minimum"
                : all.IsMaximumExclusive ? "exclusiveMaximum" : "maximum";
            throw new SchemaException(
                all.Path, keyword, "the bound requires numbers of more than fifteen digits, which JSON parsers do not represent exactly.");
        }

        // Next to a large bound, parsers would round a number with decimal places to the bound itself.
        bool isWhole = all.IsInteger || !all.MultipleOf.IsOne || IsLarge(all.Minimum) || IsLarge(all.Maximum);
        if (!isWhole)
        {
            return all.Minimum is null && all.Maximum is null
                ? NumberGrammar.Any()
                : NumberGrammar.Decimals(all.Minimum, all.IsMinimumExclusive, all.Maximum, all.IsMaximumExclusive);
        }

        BigInteger? low = all.Minimum is { } min
            ? new BigInteger(decimal.Ceiling(min)) + (all.IsMinimumExclusive && min == decimal.Ceiling(min) ? 1 : 0)
            : null;
        BigInteger? high = all.Maximum is { } max
            ? new BigInteger(decimal.Floor(max)) - (all.IsMaximumExclusive && max == decimal.Floor(max) ? 1 : 0)
            : null;
        return all.MultipleOf <= LargestFactor
            ? NumberGrammar.Integers(low, high, (int)all.MultipleOf)
            : throw new SchemaException(
                all.Path,
                "multipleOf",
                $"multiples of {all.MultipleOf} cannot be enforced; the largest supported factor is {LargestFactor:N0}.");
    }

    private static bool IsLarge(decimal? bound) => bound is { } value && Math.Abs(value) >= 1_000_000_000;
}

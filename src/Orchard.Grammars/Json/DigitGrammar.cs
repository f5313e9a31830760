using System.Globalization;
using System.Numerics;
using Orchard.Grammars.Characters;
using Orchard.Grammars.Nodes;

namespace Orchard.Grammars.Json;

/// <summary>Ranges of decimal digits and of positive integers.</summary>
internal static class DigitGrammar
{
    /// <summary>Returns a node for any digits.</summary>
    public static GrammarNode Digits(int min, int? max) =>
        GrammarNode.Repeat(GrammarNode.Characters(CodePointSet.Of(('0', '9'))), min, max);

    /// <summary>Returns a node for the multiples of a number in a range of positive integers.</summary>
    public static GrammarNode Positive(BigInteger low, BigInteger high, int multipleOf)
    {
        var options = new List<GrammarNode>();
        for (BigInteger from = low; from <= high;)
        {
            string first = from.ToString(CultureInfo.InvariantCulture);
            BigInteger to = BigInteger.Min(high, BigInteger.Pow(10, first.Length) - 1);
            string last = to.ToString(CultureInfo.InvariantCulture);
            options.Add(multipleOf > 1 ? new MultipleGrammar(first, last, multipleOf).Build() : Range(first, last));
            from = to + 1;
        }

        return GrammarNode.Choice(options);
    }

    /// <summary>Returns a node for the multiples of a number in a range of positive integers, with a decimal point.</summary>
    /// <param name="low">The least of them, without the decimal point.</param>
    /// <param name="high">The largest of them, without the decimal point.</param>
    /// <param name="multipleOf">The number, without the decimal point.</param>
    /// <param name="places">How many of the digits follow the decimal point.</param>
    public static GrammarNode Multiples(BigInteger low, BigInteger high, int multipleOf, int places)
    {
        var options = new List<GrammarNode>();
        for (BigInteger from = low; from <= high;)
        {
            string first = from.ToString(CultureInfo.InvariantCulture).PadLeft(places + 1, '0');
            BigInteger to = BigInteger.Min(high, BigInteger.Pow(10, first.Length) - 1);
            string last = to.ToString(CultureInfo.InvariantCulture).PadLeft(places + 1, '0');
            options.Add(new MultipleGrammar(first, last, multipleOf, first.Length - places).Build());
            from = to + 1;
        }

        return GrammarNode.Choice(options);
    }

    /// <summary>Returns a node for the digits between two texts of the same length, inclusive.</summary>
    public static GrammarNode Range(string first, string last)
    {
        if (first.Length == 0)
        {
            return GrammarNode.Empty;
        }

        if (first[0] == last[0])
        {
            return GrammarNode.Sequence(GrammarNode.Literal(first[..1]), Range(first[1..], last[1..]));
        }

        int rest = first.Length - 1;
        char from = first[0];
        char to = last[0];
        var options = new List<GrammarNode>();
        if (first.AsSpan(1).ContainsAnyExcept('0'))
        {
            options.Add(GrammarNode.Sequence(GrammarNode.Literal(first[..1]), Range(first[1..], new string('9', rest))));
            from++;
        }

        if (last.AsSpan(1).ContainsAnyExcept('9'))
        {
            options.Add(GrammarNode.Sequence(GrammarNode.Literal(last[..1]), Range(new string('0', rest), last[1..])));
            to--;
        }

        if (from <= to)
        {
            options.Add(GrammarNode.Sequence(GrammarNode.Characters(CodePointSet.Of((from, to))), Digits(rest, rest)));
        }

        return GrammarNode.Choice(options);
    }
}

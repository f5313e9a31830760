using Orchard.Grammars.Nodes;

namespace Orchard.Grammars.Json;

/// <summary>Builds a node for the multiples of a number between two bounds with the same number of digits.</summary>
/// <remarks>
/// One rule for each combination of digits read, remainder so far, and whether the digits so far equal those of the lower or upper bound.
/// </remarks>
/// <param name="first">The lower bound.</param>
/// <param name="last">The upper bound.</param>
/// <param name="multipleOf">The number.</param>
/// <param name="pointAt">The digit before which a decimal point is written; null for integers.</param>
internal sealed class MultipleGrammar(string first, string last, int multipleOf, int? pointAt = null)
{
    private readonly Dictionary<(int, int, bool, bool), GrammarRule> _rules = [];

    public GrammarNode Build() => Build(digit: 0, remainder: 0, atLow: true, atHigh: true);

    private GrammarNode Build(int digit, int remainder, bool atLow, bool atHigh)
    {
        if (digit == first.Length)
        {
            return remainder == 0 ? GrammarNode.Empty : GrammarNode.Nothing;
        }

        if (_rules.TryGetValue((digit, remainder, atLow, atHigh), out GrammarRule? rule))
        {
            return rule;
        }

        _rules.Add((digit, remainder, atLow, atHigh), rule = new GrammarRule("multiple"));
        var options = new List<GrammarNode>();
        for (char c = atLow ? first[digit] : '0'; c <= (atHigh ? last[digit] : '9'); c++)
        {
            options.Add(GrammarNode.Sequence(
                GrammarNode.Literal(digit == pointAt ? $".{c}" : c.ToString()),
                Build(digit + 1, ((remainder * 10) + (c - '0')) % multipleOf, atLow && c == first[digit], atHigh && c == last[digit])));
        }

        rule.Body = GrammarNode.Choice(options);
        return rule;
    }
}

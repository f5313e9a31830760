using System.Text;
using Orchard.Grammars.Characters;

namespace Orchard.Grammars.Regular;

/// <summary>Creates automata for simple sets of texts.</summary>
internal static class CodePointDfas
{
    /// <summary>Returns all texts of the given characters, including the empty one.</summary>
    public static CodePointDfa AnyOf(CodePointSet characters) => new([[new CodePointEdge(characters, 0)]], [true]);

    /// <summary>
    /// Returns the texts with a length from <paramref name="min"/> to <paramref name="max"/> code points; null means unlimited.
    /// </summary>
    /// <exception cref="GrammarException">The length is too large.</exception>
    public static CodePointDfa OfLength(int min, int? max)
    {
        int longest = max ?? min;
        if (longest >= AutomatonSize.MaxStates)
        {
            throw new GrammarException(
                $"A length of {longest:N0} cannot be combined with other conditions on the same text; "
                + $"the maximum is {AutomatonSize.MaxStates - 1:N0}.");
        }

        int count = longest + 1;
        var transitions = new List<CodePointEdge[]>(count);
        var accepts = new List<bool>(count);
        for (int i = 0; i < count; i++)
        {
            int next = i + 1 < count ? i + 1 : i;
            transitions.Add(next > i || max is null ? [new CodePointEdge(CodePointSet.All, next)] : []);
            accepts.Add(i >= min);
        }

        return new CodePointDfa(transitions, accepts);
    }

    /// <summary>Returns the set of exactly these texts.</summary>
    /// <exception cref="GrammarException">The texts are too long.</exception>
    public static CodePointDfa OfTexts(IEnumerable<string> texts)
    {
        var transitions = new List<Dictionary<int, int>> { new() };
        var accepts = new List<bool> { false };
        foreach (string text in texts)
        {
            int state = 0;
            foreach (Rune rune in text.EnumerateRunes())
            {
                if (!transitions[state].TryGetValue(rune.Value, out int next))
                {
                    next = transitions.Count;
                    transitions[state].Add(rune.Value, next);
                    transitions.Add([]);
                    accepts.Add(false);
                    AutomatonSize.Check(transitions.Count);
                }

                state = next;
            }

            accepts[state] = true;
        }

        return new CodePointDfa(
            [.. transitions.Select(next => next.Select(pair => new CodePointEdge(CodePointSet.Of(pair.Key), pair.Value)).ToArray())],
            accepts);
    }
}

using System.Globalization;
using System.Text;
using Orchard.Grammars.Characters;
using Orchard.Grammars.Regular;

namespace Orchard.Grammars.Gbnf;

/// <summary>Writes automata as GBNF, for programs that know grammars but no regular expressions.</summary>
internal static class GbnfPrinter
{
    /// <summary>Returns a grammar with one rule per state, which are not left-recursive and nest no stack.</summary>
    /// <param name="texts">The texts of the grammar.</param>
    /// <exception cref="GrammarException">There are no such texts, or the grammar would be too long.</exception>
    public static string Print(CodePointDfa texts)
    {
        if (texts.IsEmpty)
        {
            throw new GrammarException("No text matches the regular expression.");
        }

        var gbnf = new StringBuilder();
        for (int state = 0; state < texts.StateCount; state++)
        {
            gbnf.Append(NameOf(state)).Append(" ::= ");
            string separator = "";
            foreach (IGrouping<int, CodePointSet> group in texts.EdgesOf(state).GroupBy(static edge => edge.Target, static edge => edge.On))
            {
                gbnf.Append(separator);
                AppendClass(gbnf, CodePointSet.Of(group.SelectMany(static on => on.Ranges)));
                gbnf.Append(' ').Append(NameOf(group.Key));
                separator = " | ";
            }

            gbnf.Append(texts.Accepts(state) ? $"{separator}\"\"\n" : "\n");
            if (gbnf.Length > GbnfParser.MaxCharacters)
            {
                throw new GrammarException(
                    $"The regular expression is a grammar of more than {GbnfParser.MaxCharacters:N0} characters. Simplify it, or use "
                    + "smaller repetition counts.");
            }
        }

        return gbnf.ToString();
    }

    private static string NameOf(int state) => state == 0 ? "root" : string.Create(CultureInfo.InvariantCulture, $"s{state}");

    private static void AppendClass(StringBuilder gbnf, CodePointSet set)
    {
        gbnf.Append('[');
        foreach ((int first, int last) in set.Ranges)
        {
            AppendCharacter(gbnf, first);
            if (last > first)
            {
                gbnf.Append('-');
                AppendCharacter(gbnf, last);
            }
        }

        gbnf.Append(']');
    }

    private static void AppendCharacter(StringBuilder gbnf, int character)
    {
        if (character < 0x80 && char.IsAsciiLetterOrDigit((char)character))
        {
            gbnf.Append((char)character);
        }
        else
        {
            (char escape, string digits) = character switch
            {
                < 0x100 => ('x', "X2"),
                < 0x10000 => ('u', "X4"),
                _ => ('U', "X8"),
            };
            gbnf.Append('\\').Append(escape).Append(character.ToString(digits, CultureInfo.InvariantCulture));
        }
    }
}

using Orchard.Grammars;
using Orchard.Grammars.Gbnf;
using Orchard.Grammars.Regular;

namespace Orchard.Schemas;

/// <summary>Writes regular expressions as grammars, for servers that know no expressions. Pure.</summary>
internal static class RegularGrammar
{
    /// <summary>Returns the grammar of the texts that match as a whole, in GBNF.</summary>
    /// <param name="pattern">The expression, in the dialect of <see cref="ResponseFormat.Regex"/>.</param>
    /// <exception cref="FormatException">There is no grammar for it; the message says why.</exception>
    public static string ToGbnf(string pattern)
    {
        try
        {
            return GbnfPrinter.Print(Pattern.Whole(pattern));
        }
        catch (GrammarException e)
        {
            throw new FormatException(e.Message, e);
        }
    }
}

using System.Text;
using Orchard.Grammars.Automata;
using Orchard.Grammars.Compilation;

namespace Orchard.Grammars.Tests;

/// <summary>Matches texts against grammars, byte by byte.</summary>
internal static class GrammarTexts
{
    public static bool Matches(this Grammar grammar, string text)
    {
        var automaton = new GrammarAutomaton(grammar);
        return automaton.Follow(automaton.Start, Encoding.UTF8.GetBytes(text)).IsComplete;
    }

    public static bool MayBegin(this Grammar grammar, string text)
    {
        var automaton = new GrammarAutomaton(grammar);
        return automaton.Follow(automaton.Start, Encoding.UTF8.GetBytes(text)) != automaton.Dead;
    }
}

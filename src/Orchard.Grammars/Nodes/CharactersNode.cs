using Orchard.Grammars.Characters;

namespace Orchard.Grammars.Nodes;

/// <summary>Matches one character of a set.</summary>
internal sealed class CharactersNode(CodePointSet set) : GrammarNode
{
    public CodePointSet Set { get; } = set;
}

using Orchard.Grammars.Characters;

namespace Orchard.Grammars.Regular;

/// <summary>A transition of an automaton over code points.</summary>
/// <param name="On">The characters that take it.</param>
/// <param name="Target">The state it leads to.</param>
internal readonly record struct CodePointEdge(CodePointSet On, int Target);

using Orchard.Grammars.Nodes;

namespace Orchard.Grammars.Schemas.Compilation;

/// <summary>One argument of a tool call.</summary>
/// <param name="Name">The name of the argument.</param>
/// <param name="IsRequired">Whether a call must have it.</param>
/// <param name="Texts">The texts of its value.</param>
internal sealed record ArgumentTexts(string Name, bool IsRequired, GrammarNode Texts);

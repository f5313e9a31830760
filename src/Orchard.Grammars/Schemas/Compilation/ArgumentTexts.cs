using Orchard.Grammars.Nodes;

namespace Orchard.Grammars.Schemas.Compilation;

/// <summary>One argument of a tool call.</summary>
/// <param name="Name">The name of the argument.</param>
/// <param name="IsRequired">Whether a call must have it.</param>
/// <param name="Texts">The texts of its value.</param>
/// <param name="Strings">Those that are strings; compiled when they are asked for.</param>
/// <param name="Others">The other ones; compiled when they are asked for.</param>
internal sealed record ArgumentTexts(
    string Name, bool IsRequired, GrammarNode Texts, Lazy<GrammarNode> Strings, Lazy<GrammarNode> Others);

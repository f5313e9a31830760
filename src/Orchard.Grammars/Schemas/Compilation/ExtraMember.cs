using Orchard.Grammars.Nodes;

namespace Orchard.Grammars.Schemas.Compilation;

/// <summary>A member of an object whose name the schema does not declare.</summary>
/// <param name="Node">Its name and value.</param>
/// <param name="IsRepeatable">Whether there are infinitely many names, so that an object can have any number of such members.</param>
internal readonly record struct ExtraMember(GrammarNode Node, bool IsRepeatable);

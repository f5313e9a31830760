using Orchard.Grammars.Nodes;

namespace Orchard.Grammars.Schemas.Compilation;

/// <summary>A member of an object whose name the schema declares.</summary>
/// <param name="Node">Its name and value.</param>
/// <param name="IsRequired">Whether the object must have it.</param>
internal readonly record struct Member(GrammarNode Node, bool IsRequired);

using Orchard.Grammars.Characters;

namespace Orchard.Grammars.Regular;

/// <summary>A class of characters that is repeated.</summary>
/// <param name="Characters">The characters.</param>
/// <param name="Min">How many there are at least.</param>
/// <param name="Max">How many there are at most; null means unlimited.</param>
internal sealed record PatternRepetition(CodePointSet Characters, int Min, int? Max);

namespace Orchard.Grammars.Compilation;

/// <summary>A transition on a range of bytes.</summary>
/// <param name="First">The smallest byte of the range.</param>
/// <param name="Last">The largest byte of the range.</param>
/// <param name="Target">The step it leads to.</param>
internal readonly record struct ByteEdge(byte First, byte Last, int Target);

namespace Orchard.Engine.Inference.Gguf;

/// <summary>A numeric metadata value: a number, or an array with one number per layer.</summary>
/// <param name="Sum">The number, or the sum of the array.</param>
/// <param name="Count">1, or the length of the array.</param>
/// <param name="Zeros">How many of the numbers are 0.</param>
/// <param name="Max">The number, or the largest one of the array.</param>
/// <param name="Type">Type of the number, or of those of the array.</param>
internal readonly record struct GgufNumber(long Sum, long Count, long Zeros, long Max, GgufValueType Type);

namespace Orchard.Engine.Inference.Gguf;

/// <summary>
/// A metadata value that replaces the one in the file, which has a type that the library does not read: it insists on 32-bit numbers, while
/// the specification of the format has counts of 64 bits, and converters write all types.
/// </summary>
/// <param name="Key">The key.</param>
/// <param name="Integer">The value, if it is an integer.</param>
/// <param name="Real">The value, if it is a floating-point number.</param>
internal readonly record struct GgufOverride(string Key, long? Integer, double? Real);

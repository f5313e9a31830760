namespace Orchard.Calls.Embeddings;

/// <summary>The engine's embedding of one text: the vector as it is on the wire, before it is shortened and normalized.</summary>
/// <param name="Index">The index of the text in its request.</param>
/// <param name="Vector">32-bit floating-point numbers, little-endian.</param>
/// <param name="TokenCount">Tokens of the text.</param>
internal sealed record EmbeddingResult(int Index, byte[] Vector, int TokenCount);

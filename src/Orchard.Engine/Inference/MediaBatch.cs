using Orchard.Engine.Inference.Media;

namespace Orchard.Engine.Inference;

/// <summary>The tokens of a chunk, or some of them, that are to be decoded.</summary>
/// <param name="Chunk">The chunk.</param>
/// <param name="First">Index of the first token in the chunk.</param>
/// <param name="Count">Number of tokens: all of the chunk if they attend to each other.</param>
/// <param name="Position">Position of the chunk's first token.</param>
/// <param name="Slot">KV cache slot of the sequence.</param>
/// <param name="NeedsLogits">Whether the logits of the last one are needed.</param>
internal readonly record struct MediaBatch(MediaChunk Chunk, int First, int Count, int Position, int Slot, bool NeedsLogits);

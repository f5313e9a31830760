using Orchard.Engine.Inference.Llama;

namespace Orchard.Engine.Serving.Models;

/// <summary>A decoder and what is known about it.</summary>
/// <param name="Decoder">The decoder.</param>
/// <param name="GeneratesText">Whether it can generate text.</param>
/// <param name="PassedSelfTest">Whether it may decode sequences together; null if it was not tested.</param>
internal sealed record TestedDecoder(LlamaDecoder Decoder, bool GeneratesText, bool? PassedSelfTest);

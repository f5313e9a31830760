using Orchard.Engine.Inference;

namespace Orchard.Engine.Scheduling.Speculation;

/// <summary>A model that drafts tokens for another one.</summary>
/// <param name="Decoder">The draft model, with as many sequences as the other has. Owned by the scheduler.</param>
/// <param name="Vocabulary">Its vocabulary, which is that of the other model.</param>
/// <param name="RelativeSize">Its size relative to the other model: what it costs before that has been measured.</param>
internal sealed record DraftModelOptions(IDecoder Decoder, ITokenizer Vocabulary, double RelativeSize);

using Orchard.Engine.Native;

namespace Orchard.Engine.Inference.Sampling;

/// <summary>Selects tokens with a chain of native samplers.</summary>
/// <param name="chain">Owned.</param>
/// <param name="scratch">Shared with the other samplers of the decoder.</param>
internal sealed class ChainSelector(LlamaSamplerHandle chain, SamplerScratch scratch) : ITokenSelector
{
    public int? Select(Span<float> logits) => scratch.TryFill(logits) ? chain.Apply(scratch.Candidates) : null;

    public void Accept(int token) => chain.Accept(token);

    public void Dispose() => chain.Dispose();
}

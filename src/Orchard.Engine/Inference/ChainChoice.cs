using Orchard.Engine.Native;

namespace Orchard.Engine.Inference;

/// <summary>Chooses tokens with a chain of native samplers.</summary>
/// <param name="chain">Owned.</param>
/// <param name="scratch">Shared with the decoder's other samplers.</param>
internal sealed class ChainChoice(LlamaSamplerHandle chain, SamplerScratch scratch) : ITokenChoice
{
    public int? Choose(Span<float> logits) => scratch.TryFill(logits) ? chain.Apply(scratch.Candidates) : null;

    public void Accept(int token) => chain.Accept(token);

    public void Dispose() => chain.Dispose();
}

using Orchard.Engine.Native;

namespace Orchard.Engine.Inference;

/// <summary>Chooses tokens with a chain of native samplers.</summary>
/// <param name="chain">Owned.</param>
/// <param name="bias">Applied before the chain.</param>
/// <param name="scratch">Shared with the decoder's other samplers.</param>
internal sealed class ChainSampler(LlamaSamplerHandle chain, LogitBias bias, SamplerScratch scratch) : ISampler
{
    public int Sample(Span<float> logits)
    {
        bias.Apply(logits);
        if (!scratch.TryFill(logits) || chain.Apply(scratch.Candidates) is not int token)
        {
            throw SamplerFactory.NoToken();
        }

        chain.Accept(token);
        return token;
    }

    public void Dispose() => chain.Dispose();
}

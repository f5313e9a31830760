namespace Orchard.Engine.Inference;

/// <summary>
/// Samples the tokens of one sequence, and keeps the state that penalties and grammars need. Owned by the scheduler's thread.
/// </summary>
internal interface ISampler
{
    /// <summary>Samples the next token and accepts it. May overwrite <paramref name="logits"/>.</summary>
    /// <exception cref="DecodeException">No token can be sampled, for example because all logits are NaN or negative infinity.</exception>
    int Sample(Span<float> logits);

    /// <summary>Whether the result depends only on the logits, not on the tokens sampled before (default: false).</summary>
    bool IsStateless => false;

    /// <summary>Log probabilities of the last <see cref="Sample"/>; null unless the sampling parameters request them.</summary>
    SampledToken? LastSampled => null;

    /// <summary>Whether the grammar allows no further token, which ends the sequence without an end-of-generation token.</summary>
    bool IsFinished => false;
}

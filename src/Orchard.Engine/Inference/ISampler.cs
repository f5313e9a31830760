namespace Orchard.Engine.Inference;

/// <summary>
/// Samples the tokens of one sequence, and keeps the state that penalties and grammars need. Owned by the scheduler's thread.
/// </summary>
internal interface ISampler
{
    /// <summary>Samples the next token and accepts it. May overwrite <paramref name="logits"/>.</summary>
    /// <exception cref="DecodeException">No token can be sampled, for example because all logits are NaN or negative infinity.</exception>
    int Sample(Span<float> logits);

    /// <summary>Writes the tokens that its grammar lets expect next, and returns their number (default: none).</summary>
    /// <param name="tokens">Receives the tokens.</param>
    /// <param name="certain">
    /// Receives for each token whether <see cref="Sample"/> would return it after the ones before it whatever the logits are.
    /// </param>
    /// <param name="areUntried">Whether it is not known how the model divides that text into tokens.</param>
    int Expect(Span<int> tokens, Span<bool> certain, out bool areUntried)
    {
        areUntried = false;
        return 0;
    }

    /// <summary>Accepts a token that is certain, instead of sampling it.</summary>
    void Accept(int token) => throw new NotSupportedException();

    /// <summary>Log probabilities of the last <see cref="Sample"/>; null unless the sampling parameters request them.</summary>
    SampledToken? LastSampled => null;

    /// <summary>Whether the grammar allows no further token, which ends the sequence without an end-of-generation token.</summary>
    bool IsFinished => false;
}

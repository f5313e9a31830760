namespace Orchard.Engine.Inference.Sampling;

/// <summary>Changes the logits of tokens by the tokens before them. Owned by the scheduler's thread.</summary>
internal interface ILogitPenalty
{
    /// <summary>Changes the logits of the next token.</summary>
    void Apply(Span<float> logits);

    /// <summary>Records the token that the sequence continues with.</summary>
    void Accept(int token);
}

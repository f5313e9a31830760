namespace Orchard.Engine.Inference.Sampling;

/// <summary>Selects a token by its logits. Owned by the scheduler's thread.</summary>
internal interface ITokenSelector
{
    /// <summary>Whether it may be left out where only one token is allowed (default: false): it keeps no state.</summary>
    bool IsStateless => false;

    /// <summary>
    /// Selects a token, or returns null if there is no candidate. May be called again with other logits before <see cref="Accept"/>.
    /// </summary>
    int? Select(Span<float> logits);

    /// <summary>Records the token that the sequence continues with.</summary>
    void Accept(int token);
}

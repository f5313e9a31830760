namespace Orchard.Engine.Inference;

/// <summary>A way to choose among tokens. Owned by the scheduler's thread.</summary>
internal interface ITokenChoice : IDisposable
{
    /// <summary>Whether it chooses by the logits alone; see <see cref="ISampler.HasNoMemory"/>.</summary>
    bool HasNoMemory => false;

    /// <summary>Chooses a token; null when none can be chosen. May be asked again, with other logits, before <see cref="Accept"/>.</summary>
    int? Choose(Span<float> logits);

    /// <summary>Takes note of the token the sequence goes on with.</summary>
    void Accept(int token);
}

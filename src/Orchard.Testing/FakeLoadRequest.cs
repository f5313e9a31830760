namespace Orchard.Testing;

/// <summary>A request to load a model. Immutable.</summary>
public sealed class FakeLoadRequest
{
    internal FakeLoadRequest(string model, int attempt)
    {
        Model = model;
        Attempt = attempt;
    }

    /// <summary>The model's identity, <see cref="ModelInfo.Id"/>.</summary>
    public string Model { get; }

    /// <summary>One-based number of the request for this model.</summary>
    public int Attempt { get; }
}

namespace Orchard.Testing;

/// <summary>A command to load a model, as it reached the engine. Immutable.</summary>
public sealed class FakeLoadRequest
{
    internal FakeLoadRequest(string model, int attempt)
    {
        Model = model;
        Attempt = attempt;
    }

    /// <summary>Identity of the model, <see cref="ModelInfo.Id"/>.</summary>
    public string Model { get; }

    /// <summary>Number of load commands for this model so far, including this one: 1 for the first.</summary>
    public int Attempt { get; }
}

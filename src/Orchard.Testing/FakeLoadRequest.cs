namespace Orchard.Testing;

/// <summary>A model that the engine is asked to load.</summary>
/// <param name="Model">The model's identity, <see cref="ModelInfo.Id"/>.</param>
/// <param name="Attempt">How often this model was asked for, this time included: 1 for the first.</param>
public sealed record FakeLoadRequest(string Model, int Attempt);

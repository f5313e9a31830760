namespace Orchard;

/// <summary>Where an answer was generated. Immutable.</summary>
public sealed class AnswerOrigin
{
    /// <summary>Name of the <see cref="ModelSource"/>; null for the engine on this machine.</summary>
    public string? Source { get; init; }

    /// <summary>The model, as the source or the engine names it.</summary>
    public required string Model { get; init; }

    /// <summary>Address of the server that answered; null for the engine on this machine.</summary>
    public Uri? Address { get; init; }

    /// <summary>Which way the call went, and why, if its model was a <see cref="ModelRoute"/>; otherwise null.</summary>
    public RouteDecision? Route { get; init; }
}

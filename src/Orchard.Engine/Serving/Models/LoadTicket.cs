namespace Orchard.Engine.Serving.Models;

/// <summary>The immediate result of a load command: the model is loaded, the command is refused, or a load is running.</summary>
internal readonly record struct LoadTicket
{
    /// <summary>Set if the model is loaded.</summary>
    public LoadedModelHandle? Loaded { get; init; }

    /// <summary>Set if the command is refused.</summary>
    public string? Refusal { get; init; }

    /// <summary>The kind of a refusal; null if it has none.</summary>
    public string? RefusalCode { get; init; }

    /// <summary>Set if a load is running. Never faults.</summary>
    public Task<LoadOutcome>? Outcome { get; init; }
}

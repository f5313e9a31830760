namespace Orchard.Engine.Serving.Models;

/// <summary>What a load command found: the model is there, the load cannot be, or it is under way.</summary>
internal readonly record struct LoadTicket
{
    /// <summary>Set when the model is loaded.</summary>
    public LoadedModelHandle? Loaded { get; init; }

    /// <summary>Set when the command is refused.</summary>
    public string? Refusal { get; init; }

    /// <summary>Set when a load is under way; never faults.</summary>
    public Task<LoadOutcome>? Outcome { get; init; }
}

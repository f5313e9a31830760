namespace Orchard.Engine.Serving.Models;

/// <summary>The result of a load attempt: either a model or an error.</summary>
internal readonly record struct LoadOutcome(LoadedModelHandle? Model, string? Error)
{
    /// <summary>The error of a cancelled load.</summary>
    public const string CancelledError = "The load was cancelled.";

    public static LoadOutcome Cancelled { get; } = new(null, CancelledError);
}

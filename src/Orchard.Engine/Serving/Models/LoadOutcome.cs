namespace Orchard.Engine.Serving.Models;

/// <summary>The result of a load attempt: either a model or an error.</summary>
/// <param name="Model">The model.</param>
/// <param name="Error">The error.</param>
/// <param name="ErrorCode">The kind of the error; null if it has none.</param>
internal readonly record struct LoadOutcome(LoadedModelHandle? Model, string? Error, string? ErrorCode = null)
{
    /// <summary>The error of a cancelled load.</summary>
    public const string CancelledError = "The load was cancelled.";

    public static LoadOutcome Cancelled { get; } = new(null, CancelledError);
}

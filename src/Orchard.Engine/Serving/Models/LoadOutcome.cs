namespace Orchard.Engine.Serving.Models;

/// <summary>How a load attempt ended: with a model or with an error, never both.</summary>
internal readonly record struct LoadOutcome(LoadedModelHandle? Model, string? Error);

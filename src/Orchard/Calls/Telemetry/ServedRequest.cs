namespace Orchard.Calls.Telemetry;

/// <summary>What telemetry records of a request that has been rendered for a model.</summary>
/// <param name="ModelId">Identity of the model, <see cref="ModelInfo.Id"/>, which the engine's metrics contain too.</param>
/// <param name="Id">Id of the request, which the engine's log contains too.</param>
internal sealed record ServedRequest(string ModelId, string Id);

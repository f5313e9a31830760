using Orchard.Protocol.Messages.Events;

namespace Orchard;

/// <summary>Reads from heartbeats what the engine computes with.</summary>
internal static class ComputeBackends
{
    /// <summary>Returns the GPU libraries of an engine; empty if it has none or has not reported them yet.</summary>
    public static IReadOnlyList<ComputeBackend> Of(Telemetry? telemetry) => telemetry?.Process?.Backends is not { } backends
        ? []
        : [
            .. backends.Where(static backend => backend is not null).Select(static backend => new ComputeBackend
            {
                Name = backend.Name,
                Reason = backend.Reason,
                Devices = [.. backend.Devices.Where(static device => device is not null).Select(Describe)],
            }),
        ];

    private static ComputeDevice Describe(TelemetryDevice device) =>
        new() { Name = device.Name, Description = device.Description, TotalBytes = device.TotalBytes };
}

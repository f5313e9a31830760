using Orchard.Connection;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Events;
using Orchard.TestSupport;

namespace Orchard.EndToEnd.Tests;

/// <summary>What the engine says about a model, by its heartbeat.</summary>
internal static class Engines
{
    private static readonly TimeSpan HeartbeatPeriod = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits for a heartbeat in which the model is as asked for.</summary>
    public static async Task<TelemetryModel> ModelStateAsync(this Client client, string path, Func<TelemetryModel, bool> condition, string what)
    {
        async Task<TelemetryModel> WaitAsync()
        {
            while (true)
            {
                Telemetry? heartbeat = client.CurrentSession?.Heartbeats.Last;
                if (heartbeat?.Models.FirstOrDefault(model => model.CanonicalId == path) is { } model && condition(model))
                {
                    return model;
                }

                await Task.Delay(HeartbeatPeriod);
            }
        }

        return await WaitAsync().OrBroken(what);
    }
}

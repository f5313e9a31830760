using Orchard.Protocol.Messages.Events;

namespace Orchard.Connection;

/// <summary>Distributes the events that an engine publishes to their consumers. Thread-safe.</summary>
internal sealed class EngineEvents(TimeProvider time)
{
    public Heartbeats Heartbeats { get; } = new(time);

    public LoadWatches Loads { get; } = new();

    /// <summary>Handles one event. Called on the read loop.</summary>
    public void OnEvent(EngineEvent engineEvent)
    {
        switch (engineEvent)
        {
            case ModelLoadedEvent loaded:
                Loads.Succeed(loaded.ModelId, loaded.Model);
                break;
            case ModelLoadFailedEvent failed:
                Loads.Refuse(failed.ModelId, failed.Error);
                break;
            case TelemetryEvent heartbeat:
                Heartbeats.Record(heartbeat.Telemetry);
                Loads.ReportProgress(heartbeat.Telemetry);
                break;
        }
    }
}

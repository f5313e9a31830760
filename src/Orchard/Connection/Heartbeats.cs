using Orchard.Protocol.Messages.Events;

namespace Orchard.Connection;

/// <summary>The heartbeats of one engine: the last one, and its age. Thread-safe.</summary>
/// <param name="time">Clock of the age.</param>
internal sealed class Heartbeats(TimeProvider time)
{
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Heartbeat _last = new(null, time.GetTimestamp(), 0);

    /// <summary>The last heartbeat; null before the first.</summary>
    public Telemetry? Last => Volatile.Read(ref _last).Telemetry;

    /// <summary>Completes with the first heartbeat.</summary>
    public Task First => _first.Task;

    /// <summary>Number of heartbeats so far.</summary>
    public int Count => Volatile.Read(ref _last).Number;

    /// <summary>Time since the last heartbeat; before the first, since this object was created.</summary>
    public TimeSpan Age => time.GetElapsedTime(Volatile.Read(ref _last).Timestamp);

    /// <summary>Records a heartbeat that has just arrived.</summary>
    public void Record(Telemetry telemetry)
    {
        Volatile.Write(ref _last, new Heartbeat(telemetry, time.GetTimestamp(), Count + 1)); // only the read loop records
        _first.TrySetResult();
    }

    private sealed record Heartbeat(Telemetry? Telemetry, long Timestamp, int Number);
}

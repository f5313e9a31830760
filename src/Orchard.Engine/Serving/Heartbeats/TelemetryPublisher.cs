using Microsoft.Extensions.Logging;
using Orchard.Engine.Diagnostics;
using Orchard.Engine.Native.Backends;
using Orchard.Engine.Serving.Models;
using Orchard.Engine.Serving.Publishing;
using Orchard.Engine.Serving.Requests;
using Orchard.Protocol.Messages.Events;

namespace Orchard.Engine.Serving.Heartbeats;

/// <summary>Publishes the heartbeat about every 100 ms while there are subscribers.</summary>
internal sealed class TelemetryPublisher(
    LoadedModels models,
    ActiveRequests active,
    RequestHandler requests,
    IEventSink events,
    Func<int> subscriberCount,
    TimeProvider time,
    ILogger logger)
{
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private readonly long _start = time.GetTimestamp();
    private readonly CpuMeter _cpu = new(time);
    private ulong _snapshots;
    private IReadOnlyList<TelemetryBackend>? _backends;

    /// <summary>Publishes until cancelled. Never throws.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
            {
                PublishSnapshot(shuttingDown: false);
            }
        }
        catch (OperationCanceledException)
        {
            // The last heartbeat reports the shutdown.
            PublishSnapshot(shuttingDown: true);
        }
    }

    private void PublishSnapshot(bool shuttingDown)
    {
        try
        {
            if (subscriberCount() == 0)
            {
                return;
            }

            var heartbeat = new TelemetryEvent(Snapshot(shuttingDown));
            if (shuttingDown)
            {
                events.Publish(heartbeat);
            }
            else
            {
                events.PublishReplaceable(heartbeat);
            }
        }
        catch (Exception e)
        {
            logger.HeartbeatFailed(e);
        }
    }

    private Telemetry Snapshot(bool shuttingDown)
    {
        IReadOnlyList<TelemetryModel> described = models.Describe();
        ulong uptime = Nanoseconds(time.GetElapsedTime(_start));
        return new Telemetry
        {
            Health = new TelemetryHealth
            {
                SnapshotVersion = ++_snapshots,
                UptimeNs = uptime,
                MonotonicTimestampNs = Nanoseconds(time.GetElapsedTime(0)),
                Pid = Environment.ProcessId,
                ActiveRuntimes = described.Count(model => model.RuntimeActive),
                ActiveRequests = active.Count,
                CpuUsagePercent = _cpu.Update(),
                ShuttingDown = shuttingDown,
                HealthMessage = shuttingDown ? "shutting down" : "ok",
            },
            Queues = new TelemetryQueues
            {
                RequestSlotsUsed = active.Sequences,
                RequestSlotsCapacity = RequestHandler.MaxActiveSequences,
                RawRequestQueueDepth = requests.Preparing,
                ProcessedSequenceQueueDepth = described.Sum(model => model.WaitingSequences),
            },
            Memory = new TelemetryMemory
            {
                KvCachePagesTotal = (ulong)described.Sum(model => model.Counters?.KvCapacity ?? 0),
                KvCachePagesUsed = (ulong)described.Sum(model => model.Counters?.KvTokens ?? 0),
            },
            Process = new TelemetryProcess { ResidentBytes = Environment.WorkingSet, Backends = Backends() },
            Models = described,
        };
    }

    // They do not change once they are known.
    private IReadOnlyList<TelemetryBackend>? Backends() => _backends ??= models.Backends.Count == 0
        ? null
        : [
            .. models.Backends.Select(static backend => new TelemetryBackend
            {
                Name = backend.Name,
                Reason = backend.Reason,
                Devices = [.. backend.Devices.Select(Describe)],
            }),
        ];

    private static TelemetryDevice Describe(BackendDevice device) =>
        new() { Name = device.Name, Description = device.Description, TotalBytes = device.TotalBytes };

    private static ulong Nanoseconds(TimeSpan time) => (ulong)time.Ticks * 100;
}

using Orchard.Engine.Scheduling;
using Orchard.Protocol.Messages.Events;

namespace Orchard.Engine.Serving.Models;

/// <summary>Creates the telemetry of one model. Not thread-safe.</summary>
internal sealed class ModelTelemetry(string canonicalId, string requestedId, TimeProvider time)
{
    private readonly ThroughputMeter _throughput = new(time);

    public TelemetryModel DescribeReady(LoadedModelHandle model, long loadCommands)
    {
        SchedulerStatistics statistics = model.Scheduler.Statistics;
        (double tokensPerSecond, double stepMilliseconds) = _throughput.Update(statistics);
        return Describe(TelemetryModel.ReadyState) with
        {
            RuntimeActive = true,
            WaitingSequences = statistics.Waiting,
            RunningSequences = statistics.Running,
            TokensPerSecond = tokensPerSecond,
            AvgStepLatencyMs = stepMilliseconds,
            Counters = new TelemetryCounters
            {
                LoadCommands = loadCommands,
                MappedFile = Describe(model.File),
                DecodeSteps = statistics.DecodeSteps,
                GeneratedTokens = statistics.GeneratedTokens,
                PromptTokens = statistics.PromptTokens,
                CachedTokens = statistics.CachedTokens,
                KvTokens = statistics.KvTokens,
                KvTokensInUse = statistics.KvTokensInUse,
                KvCapacity = model.Scheduler.KvCapacity,
                EmbeddingSteps = model.Embedder?.Steps ?? 0,
            },
        };
    }

    public TelemetryModel DescribeLoading(LoadAttempt attempt, long loadCommands) => Describe(TelemetryModel.LoadingState) with
    {
        Counters = new TelemetryCounters { LoadCommands = loadCommands, LoadProgress = attempt.Progress },
    };

    public TelemetryModel DescribeFailed(long loadCommands) => Describe(TelemetryModel.FailedState) with
    {
        Counters = new TelemetryCounters { LoadCommands = loadCommands },
    };

    private static TelemetryModelFile? Describe(ModelFile? file) => file is { IsMapped: true, Loaded: { } stat }
        ? new TelemetryModelFile
        {
            Path = file.Path,
            Device = stat.Device,
            Inode = stat.Inode,
            Size = stat.Size,
            Modified = stat.Modified,
        }
        : null;

    private TelemetryModel Describe(string state) => new() { RequestedId = requestedId, CanonicalId = canonicalId, LoadState = state };
}

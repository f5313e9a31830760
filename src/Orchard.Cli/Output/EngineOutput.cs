namespace Orchard.Cli.Output;

/// <summary>The result of <c>ps --json</c>.</summary>
internal sealed record EngineOutput
{
    public bool IsRunning { get; init; }

    public int? ProcessId { get; init; }

    public double? UptimeSeconds { get; init; }

    public long? ResidentBytes { get; init; }

    public int? ActiveRequests { get; init; }

    public IReadOnlyList<EngineModelOutput> Models { get; init; } = [];

    public static EngineOutput From(EngineSnapshot engine) => new()
    {
        IsRunning = true,
        ProcessId = engine.ProcessId,
        UptimeSeconds = Math.Round(engine.Uptime.TotalSeconds, 1),
        ResidentBytes = engine.ResidentBytes,
        ActiveRequests = engine.ActiveRequests,
        Models = [.. engine.Models.Select(EngineModelOutput.From)],
    };
}

/// <summary>A model in the engine.</summary>
internal sealed record EngineModelOutput
{
    public required string Name { get; init; }

    public required string Id { get; init; }

    public ModelState State { get; init; }

    public double? LoadFraction { get; init; }

    public int Running { get; init; }

    public int Waiting { get; init; }

    public double TokensPerSecond { get; init; }

    public long? CachedTokens { get; init; }

    public long? CacheCapacity { get; init; }

    public static EngineModelOutput From(EngineModel model) => new()
    {
        Name = model.Name,
        Id = model.Id,
        State = model.State,
        LoadFraction = model.LoadFraction,
        Running = model.RunningSequences,
        Waiting = model.WaitingSequences,
        TokensPerSecond = Math.Round(model.TokensPerSecond, 1),
        CachedTokens = model.CachedTokens,
        CacheCapacity = model.CacheCapacity,
    };
}

using Microsoft.Extensions.Logging;

namespace Orchard;

/// <summary>How an <see cref="InferenceEngine"/> is started. Immutable.</summary>
public sealed record EngineOptions
{
    /// <inheritdoc cref="ClientOptions.EngineRoot"/>
    public string? EngineRoot { get; init; }

    /// <inheritdoc cref="ClientOptions.EnginePath"/>
    public string? EnginePath { get; init; }

    /// <summary>Models to load before the engine counts as started, as <see cref="ModelRegistry.EnsureLoadedAsync"/> names them (default: none).</summary>
    public IReadOnlyList<string> LoadModels { get; init; } = [];

    /// <inheritdoc cref="ClientOptions.StartTimeout"/>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the engine stays after its last client is gone (default: null, the engine's own 10 s).</summary>
    public TimeSpan? GraceTime { get; init; }

    /// <inheritdoc cref="ClientOptions.LoggerFactory"/>
    public ILoggerFactory? LoggerFactory { get; init; }

    internal ClientOptions ToClientOptions() =>
        new()
        {
            EngineRoot = EngineRoot,
            EnginePath = EnginePath,
            StartTimeout = StartTimeout,
            EngineGraceTime = GraceTime,
            LoggerFactory = LoggerFactory,
        };
}

using Microsoft.Extensions.Logging;

namespace Orchard;

/// <summary>How a <see cref="Client"/> finds, or starts, its engine. Immutable.</summary>
public sealed record ClientOptions
{
    /// <summary>
    /// Folder of the engine namespace: sockets, pid, lock and log files (default: null, the user's shared one, or the value of
    /// <c>ORCHARD_CACHE_ROOT</c>). Clients with the same folder share one engine.
    /// </summary>
    public string? EngineRoot { get; init; }

    /// <summary>
    /// The engine executable (default: null, which looks at <c>ORCHARD_ENGINE_PATH</c>, beside the application, and in the user's
    /// install folder).
    /// </summary>
    public string? EnginePath { get; init; }

    /// <summary>Whether to start an engine when none runs (default: true).</summary>
    public bool StartEngine { get; init; } = true;

    /// <summary>How long finding or starting the engine may take (default: 60 s).</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long an engine started by this client stays after its last client is gone (default: null, the engine's own 10 s).</summary>
    public TimeSpan? EngineGraceTime { get; init; }

    /// <summary>
    /// Whether a call that had got nothing of its answer when the engine died is made once more, on the next engine (default: true).
    /// One that had got something is never repeated.
    /// </summary>
    public bool ReplayUnansweredCalls { get; init; } = true;

    /// <summary>
    /// How long nothing may come of a call before it fails with <see cref="RequestStalledException"/>: not the engine's word that it has
    /// taken it on, then nothing of the answer (default: 60 s; null for no limit). A call that waits its turn is given as long as the
    /// engine works for others. Up to a quarter of the time may be added.
    /// </summary>
    public TimeSpan? StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Where log lines go; prompts and answers are never among them (default: null, nowhere).</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>The clock of timeouts and delays.</summary>
    internal TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    internal void Validate()
    {
        if (StartTimeout <= TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(StartTimeout), StartTimeout, $"{nameof(StartTimeout)} is {StartTimeout}; it must be above zero.");
        }

        if (StallTimeout <= TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(StallTimeout), StallTimeout, $"{nameof(StallTimeout)} is {StallTimeout}; it must be above zero, or null.");
        }

        if (EngineGraceTime < TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(EngineGraceTime), EngineGraceTime, $"{nameof(EngineGraceTime)} is {EngineGraceTime}; it must not be negative.");
        }
    }
}

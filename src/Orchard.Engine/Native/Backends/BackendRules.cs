using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Orchard.Engine.Native.Backends;

/// <summary>How the GPU libraries are chosen and tried out.</summary>
internal sealed record BackendRules
{
    /// <summary>What the user allows.</summary>
    public DeviceChoice Choice { get; init; } = new(Names: null);

    /// <summary>Tries out a library; null to load it without.</summary>
    public Func<string, IReadOnlyDictionary<string, string>, ProbeResult>? Probe { get; init; }

    /// <summary>Remembers the results; null to try out libraries at each start.</summary>
    public ProbeCache? Cache { get; init; }

    /// <summary>Logs which libraries are used and why others are not.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>The rules for a process that is not an engine: what the environment says, and trials by the engine beside it.</summary>
    public static BackendRules OfEnvironment()
    {
        string engine = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "orchard-engine.exe" : "orchard-engine");
        return new BackendRules
        {
            Choice = DeviceChoice.Read(Environment.GetEnvironmentVariable),
            Probe = File.Exists(engine) ? new BackendProbe(engine, BackendProbe.DefaultLimit).Try : null,
        };
    }
}

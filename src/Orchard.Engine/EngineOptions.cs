using Orchard.Protocol;

namespace Orchard.Engine;

/// <summary>Options of an engine.</summary>
internal sealed record EngineOptions
{
    /// <summary>Default of <see cref="Grace"/>: 10 s.</summary>
    public static readonly TimeSpan DefaultGrace = TimeSpan.FromSeconds(10);

    /// <summary>The namespace to serve.</summary>
    public required EngineRoot Root { get; init; }

    /// <summary>How long the engine keeps running without clients (default: 10 s).</summary>
    public TimeSpan Grace { get; init; } = DefaultGrace;

    /// <summary>Model files to load on startup (default: none). Their ids are the file names without extension.</summary>
    public IReadOnlyList<string> Load { get; init; } = [];
}

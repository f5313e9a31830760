using Orchard.Protocol;

namespace Orchard.Engine;

/// <summary>How one engine runs.</summary>
internal sealed record EngineOptions
{
    /// <summary>How long the engine stays without any client (default: 10 s).</summary>
    public static readonly TimeSpan DefaultGrace = TimeSpan.FromSeconds(10);

    /// <summary>The namespace to serve.</summary>
    public required EngineRoot Root { get; init; }

    /// <summary>How long the engine stays without any client (default: 10 s).</summary>
    public TimeSpan Grace { get; init; } = DefaultGrace;

    /// <summary>Model files to load at the start, under their file names without the extension.</summary>
    public IReadOnlyList<string> Load { get; init; } = [];
}

namespace Orchard;

/// <summary>What a health check of Orchard asks for.</summary>
public sealed class OrchardHealthCheckOptions
{
    /// <summary>The client's name (default: null, the client without a key).</summary>
    public string? ClientName { get; set; }

    /// <summary>
    /// A model that is to generate one token (default: null, none). It is loaded for it if need be, and waits its turn like any call: name
    /// one that is loaded anyway.
    /// </summary>
    public string? ProbeModel { get; set; }

    /// <summary>How long the whole check may take, above zero (default: 5 s).</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest time without a heartbeat of the engine, above zero (default: 5 s).</summary>
    public TimeSpan MaxHeartbeatAge { get; set; } = TimeSpan.FromSeconds(5);
}

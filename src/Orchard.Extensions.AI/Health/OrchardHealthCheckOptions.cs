
namespace Orchard.Extensions.AI;

/// <summary>Settings of a health check of Orchard.</summary>
public sealed class OrchardHealthCheckOptions
{
    /// <summary>Name of the client to check (default: null, the client without a key).</summary>
    public string? ClientName { get; set; }

    /// <summary>
    /// Model that must generate one token (default: null, no token is generated). The check loads it if necessary, and its request waits in
    /// the queue like any other. Use a model that the application has loaded anyway.
    /// </summary>
    public string? ProbeModel { get; set; }

    /// <summary>Time limit of the whole check, above zero (default: 5 s).</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Maximum time since the engine's last heartbeat, above zero (default: 5 s).</summary>
    public TimeSpan MaxHeartbeatAge { get; set; } = TimeSpan.FromSeconds(5);
}

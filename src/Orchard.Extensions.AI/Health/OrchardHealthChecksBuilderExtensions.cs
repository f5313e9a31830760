using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orchard.Extensions.AI;
using Orchard.Extensions.AI.Health;
using Orchard.Extensions.AI.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds health checks for Orchard.</summary>
public static class OrchardHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a check that the preloaded models are loaded, that the engine can be reached (it is started if necessary), that its heartbeat
    /// is recent and, optionally, that a model generates a token. The check ends after <see cref="OrchardHealthCheckOptions.Timeout"/> at
    /// the latest.
    /// </summary>
    /// <param name="builder">The application's health checks.</param>
    /// <param name="name">Name of the check (default: <c>orchard</c>).</param>
    /// <param name="configure">Sets the options (default: null, no token is generated).</param>
    /// <param name="failureStatus">Status that is reported on failure (default: null, unhealthy).</param>
    /// <param name="tags">Tags to filter checks by (default: null, none).</param>
    /// <returns>The application's health checks.</returns>
    /// <exception cref="ArgumentException"><paramref name="builder"/> is null, or <paramref name="name"/> is null or blank.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A duration is zero or negative.</exception>
    public static IHealthChecksBuilder AddOrchardHealthCheck(
        this IHealthChecksBuilder builder,
        string name = "orchard",
        Action<OrchardHealthCheckOptions>? configure = null,
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var options = new OrchardHealthCheckOptions();
        configure?.Invoke(options);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.Timeout, TimeSpan.Zero, nameof(options.Timeout));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.MaxHeartbeatAge, TimeSpan.Zero, nameof(options.MaxHeartbeatAge));

        string client = options.ClientName ?? Options.Options.DefaultName;
        return builder.Add(new HealthCheckRegistration(
            name,
            services => new OrchardHealthCheck(
                services.GetOrchardClient(client),
                services.GetRequiredKeyedService<ModelPreloader>(client),
                options,
                services.GetService<TimeProvider>() ?? TimeProvider.System),
            failureStatus,
            tags));
    }
}

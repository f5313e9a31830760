using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orchard;
using Orchard.Health;
using Orchard.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds health checks of Orchard.</summary>
public static class OrchardHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a check of an engine: models of application start loaded, engine reached (and started if there is none), heartbeat fresh, and
    /// a token generated if asked for. It never takes longer than <see cref="OrchardHealthCheckOptions.Timeout"/>.
    /// </summary>
    /// <param name="builder">The application's health checks.</param>
    /// <param name="name">The check's name (default: <c>orchard</c>).</param>
    /// <param name="configure">Sets what it asks for (default: null, no token).</param>
    /// <param name="failureStatus">What a failure counts as (default: null, unhealthy).</param>
    /// <param name="tags">To choose checks by (default: null, none).</param>
    /// <returns>The application's health checks.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A time is not above zero.</exception>
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

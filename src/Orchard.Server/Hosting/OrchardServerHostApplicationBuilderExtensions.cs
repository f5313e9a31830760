using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orchard;
using Orchard.Server;
using Orchard.Server.Hosting;
using Orchard.Server.Metrics;
using Orchard.Server.Models;
using Orchard.Server.OpenAI.Responses;
using Orchard.Server.Security;
using Orchard.Server.Serving;
using Orchard.Server.Streaming;

namespace Microsoft.Extensions.Hosting;

/// <summary>Adds what the HTTP endpoints need to an application with a host.</summary>
public static class OrchardServerHostApplicationBuilderExtensions
{
    /// <summary>
    /// Adds the services of the endpoints, with the options of the configuration section <see cref="OrchardServerOptions.SectionName"/>,
    /// and the client, with those of the section <c>Orchard</c>. <c>app.MapOrchard()</c> maps the endpoints.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="configure">Sets options in code, after those of the configuration; null for none.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IHostApplicationBuilder AddOrchardServer(
        this IHostApplicationBuilder builder, Action<OrchardServerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddOrchard();
        IServiceCollection services = builder.Services;
        services.AddOptions<OrchardServerOptions>().Bind(builder.Configuration.GetSection(OrchardServerOptions.SectionName));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OrchardServerOptions>, OrchardServerOptionsValidator>());
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(static provider => provider.GetRequiredService<IOptions<OrchardServerOptions>>().Value);
        services.TryAddSingleton(static provider => ApiKeys.Read(provider.GetRequiredService<OrchardServerOptions>()));
        services.TryAddSingleton(static provider => new HostNames(provider.GetRequiredService<OrchardServerOptions>().AllowedHosts));
        services.TryAddSingleton<Admission>();
        services.TryAddSingleton<Drain>();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IHostedService, Drain>(static provider => provider.GetRequiredService<Drain>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<HostOptions>, DrainTime>());
        services.TryAddSingleton(static provider => new Cors(provider.GetRequiredService<OrchardServerOptions>().CorsOrigins));
        services.TryAddSingleton<MetricsCollector>();
        services.TryAddSingleton(static provider => new ModelNames(
            provider.GetRequiredService<Client>().Models, provider.GetRequiredService<OrchardServerOptions>()));
        services.TryAddSingleton(static provider => new ModelCatalog(
            provider.GetRequiredService<Client>().Models, provider.GetRequiredService<OrchardServerOptions>()));
        services.TryAddSingleton(static provider => new ResponseStore(
            provider.GetRequiredService<OrchardServerOptions>().StoredResponses));
        services.TryAddSingleton(static provider => new StreamPace(
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<OrchardServerOptions>().HeaderDelay,
            provider.GetRequiredService<OrchardServerOptions>().HeartbeatInterval));
        return builder;
    }
}

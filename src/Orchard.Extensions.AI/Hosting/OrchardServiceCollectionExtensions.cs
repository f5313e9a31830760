using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orchard;
using Orchard.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Orchard to an application.</summary>
/// <remarks>
/// A <see cref="Client"/> is a singleton that connects with its first call. It ends with the container, after everything that was made
/// with it and after all hosted services have stopped; dispose containers without a host asynchronously. Options are validated when
/// the application starts.
/// </remarks>
public static class OrchardServiceCollectionExtensions
{
    /// <summary>The section of the configuration that <see cref="AddOrchard(IHostApplicationBuilder)"/> binds.</summary>
    public const string SectionName = "Orchard";

    /// <summary>Adds the client without a key, with the options that the section <see cref="SectionName"/> of the configuration has.</summary>
    /// <param name="builder">The application.</param>
    /// <returns>What adds to the client.</returns>
    public static OrchardBuilder AddOrchard(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Services.AddOrchard(builder.Configuration.GetSection(SectionName));
    }

    /// <summary>Adds the client without a key, with the default options.</summary>
    /// <param name="services">The application's services.</param>
    /// <returns>What adds to the client.</returns>
    public static OrchardBuilder AddOrchard(this IServiceCollection services) => Add(services, Options.Options.DefaultName);

    /// <summary>Adds the client without a key.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>What adds to the client.</returns>
    public static OrchardBuilder AddOrchard(this IServiceCollection services, Action<OrchardOptions> configure) =>
        Configure(Add(services, Options.Options.DefaultName), configure);

    /// <summary>Adds the client without a key.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configuration">Has the options.</param>
    /// <returns>What adds to the client.</returns>
    public static OrchardBuilder AddOrchard(this IServiceCollection services, IConfiguration configuration) =>
        Bind(Add(services, Options.Options.DefaultName), configuration);

    /// <summary>Adds a client with a key: for applications with several engines.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">Its key, and the name of its options.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>What adds to the client.</returns>
    public static OrchardBuilder AddOrchard(this IServiceCollection services, string name, Action<OrchardOptions> configure)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return Configure(Add(services, name), configure);
    }

    /// <summary>Adds a client with a key: for applications with several engines.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">Its key, and the name of its options.</param>
    /// <param name="configuration">Has the options.</param>
    /// <returns>What adds to the client.</returns>
    public static OrchardBuilder AddOrchard(this IServiceCollection services, string name, IConfiguration configuration)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return Bind(Add(services, name), configuration);
    }

    private static OrchardBuilder Configure(OrchardBuilder builder, Action<OrchardOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.Configure(builder.Name, configure);
        return builder;
    }

    private static OrchardBuilder Bind(OrchardBuilder builder, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        builder.Services.AddOptions<OrchardOptions>(builder.Name).Bind(configuration);
        return builder;
    }

    // The same name twice is one client, to which the second call adds its options.
    private static OrchardBuilder Add(IServiceCollection services, string name)
    {
        ArgumentNullException.ThrowIfNull(services);
        var builder = new OrchardBuilder(services, name);
        if (services.Any(service => service.ServiceType == typeof(ModelPreloader) && name.Equals(service.ServiceKey)))
        {
            return builder;
        }

        services.AddOptions<OrchardOptions>(name).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OrchardOptions>, OrchardOptionsValidator>());
        if (name.Length == 0)
        {
            services.AddSingleton(provider => NamedClients.Create(provider, name));
        }
        else
        {
            services.AddKeyedSingleton(name, (provider, _) => NamedClients.Create(provider, name));
        }

        services.AddKeyedSingleton(name, (provider, _) => new ModelPreloader(
            provider.GetOrchardClient(name),
            provider.GetRequiredService<IOptionsMonitor<OrchardOptions>>().Get(name),
            provider.GetService<ILogger<ModelPreloader>>() ?? NullLogger<ModelPreloader>.Instance));
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredKeyedService<ModelPreloader>(name));
        return builder;
    }
}

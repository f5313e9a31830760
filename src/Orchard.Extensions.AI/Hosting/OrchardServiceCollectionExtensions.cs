using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orchard;
using Orchard.Extensions.AI;
using Orchard.Extensions.AI.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Orchard to the services of an application.</summary>
/// <remarks>
/// A <see cref="Client"/> is a singleton that connects with its first call. The container disposes it, after all services that were created
/// with it, and after all hosted services have stopped. Synchronous disposal of a container starts disconnecting and does not wait for the
/// end; asynchronous disposal, as by a host, waits. Options are validated when the application starts.
/// </remarks>
public static class OrchardServiceCollectionExtensions
{
    /// <summary>Adds the client without a key, with default options.</summary>
    /// <param name="services">The application's services.</param>
    /// <returns>A builder, to add services that use the client.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    public static OrchardBuilder AddOrchard(this IServiceCollection services) => Add(services, Options.Options.DefaultName);

    /// <summary>Adds the client without a key, with options that are set in code.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>A builder, to add services that use the client.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static OrchardBuilder AddOrchard(this IServiceCollection services, Action<OrchardOptions> configure) =>
        Configure(Add(services, Options.Options.DefaultName), configure);

    /// <summary>Adds the client without a key, with options that are bound from configuration.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configuration">The configuration section with the options.</param>
    /// <returns>A builder, to add services that use the client.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static OrchardBuilder AddOrchard(this IServiceCollection services, IConfiguration configuration) =>
        Bind(Add(services, Options.Options.DefaultName), configuration);

    /// <summary>Adds a client with a key, with options that are set in code, for applications that use several engines.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">Key of the client and name of its options.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>A builder, to add services that use the client.</returns>
    /// <exception cref="ArgumentException">An argument is null, or <paramref name="name"/> is blank.</exception>
    public static OrchardBuilder AddOrchard(this IServiceCollection services, string name, Action<OrchardOptions> configure)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return Configure(Add(services, name), configure);
    }

    /// <summary>
    /// Adds a client with a key, with options that are bound from configuration, for applications that use several engines.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">Key of the client and name of its options.</param>
    /// <param name="configuration">The configuration section with the options.</param>
    /// <returns>A builder, to add services that use the client.</returns>
    /// <exception cref="ArgumentException">An argument is null, or <paramref name="name"/> is blank.</exception>
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

    // A repeated call with the same name adds its options to the same client.
    private static OrchardBuilder Add(IServiceCollection services, string name)
    {
        ArgumentNullException.ThrowIfNull(services);
        var builder = new OrchardBuilder(services, name);
        if (services.Any(service => service.ServiceType == typeof(ModelPreloader) && name.Equals(service.ServiceKey)))
        {
            return builder;
        }

        AddOptions(services, name);
        if (name.Length == 0)
        {
            services.AddSingleton(provider => Client.Create(OptionsOf(provider, name)));
        }
        else
        {
            services.AddKeyedSingleton(name, (provider, _) => Client.Create(OptionsOf(provider, name)));
        }

        services.AddKeyedSingleton(name, (provider, _) => new ModelPreloader(
            provider.GetOrchardClient(name),
            [.. OptionsOf(provider, name).PreloadModels],
            OptionsOf(provider, name).WaitForPreload,
            provider.GetService<ILogger<ModelPreloader>>() ?? NullLogger<ModelPreloader>.Instance));
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredKeyedService<ModelPreloader>(name));
        return builder;
    }

    private static void AddOptions(IServiceCollection services, string name)
    {
        services.AddOptions<OrchardOptions>(name)
            .PostConfigure<IServiceProvider>(static (options, provider) => options.LoggerFactory ??= provider.GetService<ILoggerFactory>())
            .Validate(
                static options => options.Model is null || !string.IsNullOrWhiteSpace(options.Model),
                $"{nameof(OrchardOptions)}.{nameof(OrchardOptions.Model)} is blank. Set it to a model, or leave it out.")
            .Validate(
                static options => !options.PreloadModels.Any(string.IsNullOrWhiteSpace),
                $"{nameof(OrchardOptions)}.{nameof(OrchardOptions.PreloadModels)} has a blank entry. Set it to a model, or leave it out.")
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OrchardOptions>, OrchardOptionsValidator>());
    }

    private static OrchardOptions OptionsOf(IServiceProvider provider, string name) =>
        provider.GetRequiredService<IOptionsMonitor<OrchardOptions>>().Get(name);
}

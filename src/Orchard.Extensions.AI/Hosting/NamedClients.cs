using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Orchard.Hosting;

/// <summary>Where the container keeps clients: by name as key, and the one without a name without a key.</summary>
internal static class NamedClients
{
    public static Client GetOrchardClient(this IServiceProvider services, string name) =>
        name.Length == 0 ? services.GetRequiredService<Client>() : services.GetRequiredKeyedService<Client>(name);

    /// <summary>A client that connects with its first call: a container cannot wait.</summary>
    public static Client Create(IServiceProvider services, string name)
    {
        OrchardOptions options = services.GetRequiredService<IOptionsMonitor<OrchardOptions>>().Get(name);
        return Client.Create(new ClientOptions
        {
            EngineRoot = options.EngineRoot,
            EnginePath = options.EnginePath,
            StartEngine = options.StartEngine,
            StartTimeout = options.StartTimeout,
            EngineGraceTime = options.EngineGraceTime,
            ReplayUnansweredCalls = options.ReplayUnansweredCalls,
            StallTimeout = options.StallTimeout,
            LoggerFactory = services.GetService<ILoggerFactory>(),
        });
    }
}

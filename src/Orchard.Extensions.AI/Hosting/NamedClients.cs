using Microsoft.Extensions.DependencyInjection;

namespace Orchard.Extensions.AI.Hosting;

/// <summary>Resolves clients by name: the name is the key, and the client with the empty name has no key.</summary>
internal static class NamedClients
{
    public static Client GetOrchardClient(this IServiceProvider services, string name) =>
        name.Length == 0 ? services.GetRequiredService<Client>() : services.GetRequiredKeyedService<Client>(name);
}

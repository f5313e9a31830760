using Microsoft.Extensions.Configuration;
using Orchard.Protocol;

namespace Orchard.Remote;

/// <summary>Adds servers to the options of a client, also to those of a client in a container.</summary>
public static class RemoteClientOptionsExtensions
{
    private const string DefaultName = "remote";

    /// <summary>Adds a server.</summary>
    /// <param name="options">The client's options.</param>
    /// <param name="name">First part of the names of its models; see <see cref="ModelSource.Name"/>.</param>
    /// <param name="address">Address of the server; see <see cref="RemoteEndpoint.BaseAddress"/>.</param>
    /// <param name="configure">Sets further properties; null for none.</param>
    /// <returns><paramref name="options"/>.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static T AddRemote<T>(this T options, string name, Uri address, Action<RemoteEndpoint>? configure = null)
        where T : ClientOptions
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(address);
        var endpoint = new RemoteEndpoint { Name = name, BaseAddress = address };
        configure?.Invoke(endpoint);
        options.Sources.Add(endpoint);
        return options;
    }

    /// <summary>Adds the servers of a configuration section, whose keys are their names.</summary>
    /// <param name="options">The client's options.</param>
    /// <param name="section">
    /// The section, by convention <c>Orchard:Remote</c>. Each of its children has the properties of a <see cref="RemoteEndpoint"/>.
    /// </param>
    /// <returns><paramref name="options"/>.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidOperationException">A value cannot be converted to the type of its property.</exception>
    public static T AddRemotes<T>(this T options, IConfiguration section)
        where T : ClientOptions
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(section);
        foreach (IConfigurationSection child in section.GetChildren())
        {
            var endpoint = new RemoteEndpoint { Name = child.Key };
            child.Bind(endpoint);
            options.Sources.Add(endpoint);
        }

        return options;
    }

    /// <summary>
    /// Adds the server of the environment variables <c>ORCHARD_REMOTE_URL</c>, <c>ORCHARD_REMOTE_NAME</c> (default: <c>remote</c>),
    /// <c>ORCHARD_REMOTE_API_KEY</c>, <c>ORCHARD_REMOTE_KIND</c>, <c>ORCHARD_REMOTE_BEST_EFFORT</c>, <c>ORCHARD_REMOTE_CA_FILE</c> (see
    /// <see cref="RemoteEndpoint.TrustedCertificateFile"/>), <c>ORCHARD_REMOTE_CLIENT_CERTIFICATE_FILE</c> and
    /// <c>ORCHARD_REMOTE_CLIENT_KEY_FILE</c>. Adds none if there is no address.
    /// </summary>
    /// <param name="options">The client's options.</param>
    /// <returns><paramref name="options"/>.</returns>
    /// <exception cref="ArgumentException">A variable has a value that is not allowed.</exception>
    public static T AddRemoteFromEnvironment<T>(this T options)
        where T : ClientOptions => AddRemoteFrom(options, Environment.GetEnvironmentVariable);

    /// <summary>
    /// Adds the route of the environment variables <c>ORCHARD_ROUTE_LOCAL</c>, <c>ORCHARD_ROUTE_REMOTE</c>, <c>ORCHARD_ROUTE_NAME</c>
    /// (default: the local model's, so that calls to it take the route), <c>ORCHARD_ROUTE_WHEN</c> and
    /// <c>ORCHARD_ROUTE_MAX_QUEUE_SECONDS</c>. Adds none if there is no remote model.
    /// </summary>
    /// <param name="options">The client's options.</param>
    /// <returns><paramref name="options"/>.</returns>
    /// <exception cref="ArgumentException">A variable has a value that is not allowed.</exception>
    public static T AddRouteFromEnvironment<T>(this T options)
        where T : ClientOptions => AddRouteFrom(options, Environment.GetEnvironmentVariable);

    internal static T AddRouteFrom<T>(this T options, Func<string, string?> environment)
        where T : ClientOptions
    {
        ArgumentNullException.ThrowIfNull(options);
        if (Of("ORCHARD_ROUTE_REMOTE").Text is not { } remote)
        {
            return options;
        }

        var route = new ModelRoute { Local = Of("ORCHARD_ROUTE_LOCAL").Text ?? "", Remote = remote };
        route.When = (RouteCondition)(Of("ORCHARD_ROUTE_WHEN").OneOf(Enum.GetNames<RouteCondition>()) ?? (int)route.When);
        route.MaxQueueTime = Of("ORCHARD_ROUTE_MAX_QUEUE_SECONDS").Seconds(TimeSpan.FromDays(1)) ?? route.MaxQueueTime;
        options.Routes[Of("ORCHARD_ROUTE_NAME").Text ?? route.Local] = route;
        return options;

        Setting Of(string name) => Setting.OfVariable(name, environment);
    }

    internal static T AddRemoteFrom<T>(this T options, Func<string, string?> environment)
        where T : ClientOptions
    {
        ArgumentNullException.ThrowIfNull(options);
        if (Of("ORCHARD_REMOTE_URL").Text is not { } address)
        {
            return options;
        }

        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? url))
        {
            throw new ArgumentException(
                $"The environment variable ORCHARD_REMOTE_URL is '{address}'. "
                + "Set it to an address such as http://host:8000, or remove it.");
        }

        return options.AddRemote(Of("ORCHARD_REMOTE_NAME").Text ?? DefaultName, url, endpoint =>
        {
            endpoint.ApiKey = Of("ORCHARD_REMOTE_API_KEY").Text;
            endpoint.Kind = (RemoteKind)(Of("ORCHARD_REMOTE_KIND").OneOf(Enum.GetNames<RemoteKind>()) ?? 0);
            endpoint.TrustedCertificateFile = Of("ORCHARD_REMOTE_CA_FILE").Text;
            endpoint.ClientCertificateFile = Of("ORCHARD_REMOTE_CLIENT_CERTIFICATE_FILE").Text;
            endpoint.ClientCertificateKeyFile = Of("ORCHARD_REMOTE_CLIENT_KEY_FILE").Text;
            endpoint.BestEffort = Of("ORCHARD_REMOTE_BEST_EFFORT").Flag() ?? false;
        });

        Setting Of(string name) => Setting.OfVariable(name, environment);
    }
}

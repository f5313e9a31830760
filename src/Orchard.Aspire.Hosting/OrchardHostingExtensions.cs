using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Adds Orchard's server to an application host.</summary>
public static class OrchardHostingExtensions
{
    private const string Command = "orchard";
    private const string HealthPath = "/health";
    private const string KeyVariable = "ORCHARD_API_KEYS";

    /// <summary>
    /// Adds a server that the command <c>orchard serve</c> runs while the application host does. The command must be installed:
    /// <c>dotnet tool install --global Orchard.Cli</c>. Its engine is that of the user, which other applications share.
    /// </summary>
    /// <param name="builder">The application host.</param>
    /// <param name="name">Name of the resource, and of its connection string.</param>
    /// <param name="port">Port of the server on this machine; null for any.</param>
    /// <param name="command">The command, or its path (default: <c>orchard</c>).</param>
    /// <returns>A builder of the resource.</returns>
    /// <exception cref="ArgumentException">A name is null or empty.</exception>
    public static IResourceBuilder<OrchardResource> AddOrchard(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, int? port = null, string command = Command)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(command);
        var resource = new OrchardResource(name, command, builder.AppHostDirectory);
        return builder.AddResource(resource)
            .WithHttpEndpoint(port, name: OrchardResource.EndpointName)
            .WithArgs(context => AddArguments(context.Args, resource))
            .WithHttpHealthCheck(HealthPath);
    }

    /// <summary>Adds a server that runs already, here or elsewhere.</summary>
    /// <param name="builder">The application host.</param>
    /// <param name="name">Name of the resource.</param>
    /// <param name="url">Address of the server, without a path, such as <c>http://models.example:8080/</c>.</param>
    /// <returns>A builder of the resource.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null or empty, or the address cannot be used.</exception>
    public static IResourceBuilder<ExternalServiceResource> AddOrchard(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, Uri url)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(url);
        if (!url.IsAbsoluteUri || url is not { Scheme: "http" or "https", PathAndQuery: "/" })
        {
            throw new ArgumentException($"'{url}' is not an http or https address without a path.", nameof(url));
        }

        return builder.AddExternalService(name, url).WithHttpHealthCheck(HealthPath);
    }

    /// <summary>Offers a model, in addition to <c>starter</c> and the stored models of the hub.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="model">Path of a GGUF file, or a name of the hub such as <c>Qwen/Qwen3-0.6B-GGUF:Q8_0</c>.</param>
    /// <param name="preload">
    /// Whether it is downloaded and loaded before the server is healthy (default: false, with the first request that needs it).
    /// </param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentException"><paramref name="model"/> is null or empty.</exception>
    public static IResourceBuilder<OrchardResource> WithModel(
        this IResourceBuilder<OrchardResource> builder, string model, bool preload = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(model);
        builder.Resource.Models.Add(new OfferedModel(model, preload));
        return builder;
    }

    /// <summary>Requires a key, which is part of the connection string.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="key">The key, a secret parameter.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IResourceBuilder<OrchardResource> WithApiKey(
        this IResourceBuilder<OrchardResource> builder, IResourceBuilder<ParameterResource> key)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(key);
        builder.Resource.ApiKey = key.Resource;
        return builder.WithEnvironment(KeyVariable, key); // arguments are visible to other users of the machine
    }

    private static void AddArguments(IList<object> arguments, OrchardResource resource)
    {
        arguments.Add("serve");
        arguments.Add("--url");
        arguments.Add(ReferenceExpression.Create($"http://127.0.0.1:{resource.Endpoint.Property(EndpointProperty.TargetPort)}"));
        foreach (OfferedModel model in resource.Models)
        {
            arguments.Add("--model");
            arguments.Add(model.Name);
            if (model.IsPreloaded)
            {
                arguments.Add("--preload");
                arguments.Add(model.Name);
            }
        }
    }
}

namespace Aspire.Hosting.ApplicationModel;

/// <summary>
/// Orchard's server, which the command <c>orchard</c> runs on this machine. Its connection string is <c>Endpoint=…/v1;Key=…</c>, as
/// integrations of OpenAI's API read it.
/// </summary>
public sealed class OrchardResource : ExecutableResource, IResourceWithConnectionString
{
    internal const string EndpointName = "http";

    /// <summary>Creates a resource. <c>AddOrchard</c> also gives it an endpoint, its arguments and its health.</summary>
    /// <param name="name">Name of the resource.</param>
    /// <param name="command">The command, or its path.</param>
    /// <param name="workingDirectory">Folder in which the command runs.</param>
    public OrchardResource(string name, string command, string workingDirectory)
        : base(name, command, workingDirectory)
    {
        Endpoint = new EndpointReference(this, EndpointName);
    }

    /// <summary>Where the server listens.</summary>
    public EndpointReference Endpoint { get; }

    /// <summary>The key that requests need; null if none is needed.</summary>
    public ParameterResource? ApiKey { get; internal set; }

    /// <summary>Endpoint and key.</summary>
    public ReferenceExpression ConnectionStringExpression => ApiKey is null
        ? ReferenceExpression.Create($"Endpoint={Endpoint.Property(EndpointProperty.Url)}/v1")
        : ReferenceExpression.Create($"Endpoint={Endpoint.Property(EndpointProperty.Url)}/v1;Key={ApiKey}");

    internal List<OfferedModel> Models { get; } = [];
}

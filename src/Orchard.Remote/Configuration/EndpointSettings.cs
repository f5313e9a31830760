namespace Orchard.Remote.Configuration;

/// <summary>The checked settings of an endpoint. Immutable.</summary>
internal sealed record EndpointSettings
{
    /// <summary>The endpoint's name.</summary>
    public required string Name { get; init; }

    /// <summary>The servers; at least one.</summary>
    public required IReadOnlyList<ServerAddress> Addresses { get; init; }

    /// <summary>The key; null for none. Must not be shown.</summary>
    public string? ApiKey { get; init; }

    /// <summary>The certificates of connections; disposed with them.</summary>
    public required TlsSettings Tls { get; init; }

    /// <summary>The servers' names of models, by the caller's.</summary>
    public required IReadOnlyDictionary<string, string> Models { get; init; }

    /// <summary>The kind of the servers.</summary>
    public RemoteKind Kind { get; init; }

    /// <summary>Whether options that the server does not support are left out.</summary>
    public bool BestEffort { get; init; }

    /// <summary>Whether sampling options that are null are left to the server.</summary>
    public bool UseServerSampling { get; init; }

    /// <summary>The longest time for a connection to be made.</summary>
    public required TimeSpan ConnectTimeout { get; init; }

    /// <summary>The most requests of one call at the same time.</summary>
    public required int MaxConcurrentRequests { get; init; }

    /// <summary>Returns the server's name of a model.</summary>
    /// <param name="model">The caller's name, without that of the endpoint.</param>
    public string ToServerName(string model) => Models.TryGetValue(model, out string? name) ? name : model;
}

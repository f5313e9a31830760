using Orchard.Remote.Configuration;

namespace Orchard.Remote.Transport;

/// <summary>A request, whichever server it goes to.</summary>
/// <param name="Route">The route.</param>
/// <param name="Model">The model, as the caller named it; for messages.</param>
/// <param name="Body">The JSON to post; null for a GET request.</param>
internal sealed record RemoteCall(Route Route, string Model, RequestBody? Body = null)
{
    /// <summary>The conversation; null for a request of none.</summary>
    public Session? Session { get; init; }

    /// <summary>The models that the servers offer, as a caller names them; for messages.</summary>
    public IReadOnlyList<string> Offered { get; init; } = [];

    /// <summary>Whether the response is a stream of events.</summary>
    public bool IsStream { get; init; }

    /// <summary>The longest time without data, if it is longer than the client's.</summary>
    public TimeSpan? Patience { get; init; }

    /// <summary>Identifies the request in the logs of both sides.</summary>
    public string Id { get; } = Guid.NewGuid().ToString("N");
}

using System.Text.Json;

namespace Orchard.Remote.Tests;

/// <summary>A request that a scripted server has received.</summary>
internal sealed record WireRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>Completed when the client closes the connection.</summary>
    public required Task Closed { get; init; }

    /// <summary>The body as JSON.</summary>
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>Returns a member of the body; null if there is none.</summary>
    public JsonElement? Find(string name) => Json.TryGetProperty(name, out JsonElement value) ? value : null;
}

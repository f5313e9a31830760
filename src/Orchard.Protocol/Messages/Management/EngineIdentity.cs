using System.Text.Json.Serialization;

namespace Orchard.Protocol.Messages.Management;

/// <summary>The engine process that answered a registration.</summary>
internal sealed record EngineIdentity
{
    [JsonPropertyName("pid")]
    public int ProcessId { get; init; }

    [JsonPropertyName("protocol_version")]
    public int ProtocolVersion { get; init; }

    [JsonPropertyName("version")]
    public string? Version { get; init; }
}

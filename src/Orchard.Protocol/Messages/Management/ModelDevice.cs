using System.Text.Json.Serialization;

namespace Orchard.Protocol.Messages.Management;

/// <summary>What of a model is on one device.</summary>
internal sealed record ModelDevice
{
    [JsonPropertyName("name")]
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>Number of layers; the output after the last layer counts as one.</summary>
    [JsonPropertyName("layers")]
    public int Layers { get; init; }

    /// <summary>Bytes of the weights, of the KV cache and of the buffers for computing, as planned.</summary>
    [JsonPropertyName("bytes")]
    public long Bytes { get; init; }
}

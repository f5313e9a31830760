using System.Text.Json.Serialization;

namespace Orchard.Protocol.Messages.Management;

/// <summary>A loaded model as the reply to <c>load_model</c> and the event <c>model_loaded</c> describe it.</summary>
internal sealed record LoadedModel
{
    private static readonly IReadOnlyDictionary<string, int[]> NoCapabilities = new Dictionary<string, int[]>();

    /// <summary>Token ids by capability name. On the wire a single id may replace a list.</summary>
    [JsonPropertyName("capabilities")]
    [JsonConverter(typeof(CapabilityTokensConverter))]
    public IReadOnlyDictionary<string, int[]> Capabilities { get; init => field = value ?? NoCapabilities; } = NoCapabilities;

    [JsonPropertyName("minimum_memory_bytes")]
    public ulong? MinimumMemoryBytes { get; init; }

    /// <summary>Orchard extension.</summary>
    [JsonPropertyName("orchard")]
    public ModelFacts? Facts { get; init; }
}

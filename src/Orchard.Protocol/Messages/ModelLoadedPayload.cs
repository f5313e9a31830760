using System.Text.Json.Serialization;

namespace Orchard.Protocol.Messages;

/// <summary>The JSON of <c>model_loaded</c>: a <see cref="LoadedModel"/> with its name beside its members.</summary>
internal sealed class ModelLoadedPayload
{
    public string? Event { get; set; }

    public string? ModelId { get; set; }

    [JsonConverter(typeof(CapabilityTokensConverter))]
    public IReadOnlyDictionary<string, int[]>? Capabilities { get; set; }

    public ulong? MinimumMemoryBytes { get; set; }

    [JsonPropertyName("orchard")]
    public ModelFacts? Facts { get; set; }
}

/// <summary>The JSON of <c>model_load_failed</c>.</summary>
internal sealed class ModelLoadFailedPayload
{
    public string? Event { get; set; }

    public string? ModelId { get; set; }

    public string? Error { get; set; }
}

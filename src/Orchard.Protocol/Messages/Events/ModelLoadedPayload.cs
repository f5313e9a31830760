using System.Text.Json.Serialization;
using Orchard.Protocol.Messages.Management;

namespace Orchard.Protocol.Messages.Events;

/// <summary>The JSON of <c>model_loaded</c>: the members of <see cref="LoadedModel"/> beside the model's id.</summary>
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

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchard.Protocol.Messages.Management;

/// <summary>The result of <c>inspect_model_source</c>: the model found in a local file or folder.</summary>
internal sealed record ModelSource
{
    [JsonPropertyName("canonical_id")]
    public string? CanonicalId { get; init; }

    [JsonPropertyName("model_path")]
    public string? ModelPath { get; init; }

    [JsonPropertyName("source_format")]
    public string? SourceFormat { get; init; }

    [JsonPropertyName("architecture")]
    public string? Architecture { get; init; }

    [JsonPropertyName("model_type")]
    public string? ModelType { get; init; }

    [JsonPropertyName("formatter_config")]
    public JsonElement? FormatterConfig { get; init; }
}

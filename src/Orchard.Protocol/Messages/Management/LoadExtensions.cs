using System.Text.Json.Serialization;

namespace Orchard.Protocol.Messages.Management;

/// <summary>Options of <c>load_model</c> that PIE does not have. They apply to a load that the command starts.</summary>
internal sealed record LoadExtensions
{
    /// <summary>Whether the model file is mapped into memory (default: true); otherwise it is read.</summary>
    [JsonPropertyName("use_memory_map")]
    public bool? UsesMemoryMap { get; init; }
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchard.Server.Ollama;

/// <summary>What the bodies of all requests for an answer have.</summary>
internal abstract record OllamaAnswerRequest
{
    /// <summary>The model.</summary>
    public string? Model { get; init; }

    /// <summary>Generation options.</summary>
    public JsonElement Options { get; init; }

    /// <summary>Whether to stream the answer, which is the default.</summary>
    public bool? Stream { get; init; }

    /// <summary>The other fields.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Fields { get; set; }
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchard.Server.Anthropic.Messages;

/// <summary>Body of a request for a message. Generation options are among the other fields.</summary>
internal sealed record MessagesRequest
{
    /// <summary>The model.</summary>
    public string? Model { get; init; }

    /// <summary>The conversation.</summary>
    public JsonElement Messages { get; init; }

    /// <summary>Instructions to the model.</summary>
    public JsonElement System { get; init; }

    /// <summary>Tools that the model can call.</summary>
    public JsonElement Tools { get; init; }

    /// <summary>Whether the model calls tools.</summary>
    public JsonElement ToolChoice { get; init; }

    /// <summary>Effort and format of the answer.</summary>
    public JsonElement OutputConfig { get; init; }

    /// <summary>Format of the answer, by an older name.</summary>
    public JsonElement OutputFormat { get; init; }

    /// <summary>Whether to stream the answer.</summary>
    public bool? Stream { get; init; }

    /// <summary>The other fields.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Fields { get; set; }
}

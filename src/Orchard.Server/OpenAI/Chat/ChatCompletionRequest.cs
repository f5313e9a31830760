using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchard.Server.OpenAI.Chat;

/// <summary>Body of a request for a chat completion. Generation options are among the other fields.</summary>
internal sealed record ChatCompletionRequest
{
    /// <summary>The model.</summary>
    public string? Model { get; init; }

    /// <summary>The conversation.</summary>
    public JsonElement Messages { get; init; }

    /// <summary>Whether to stream the answer.</summary>
    public bool? Stream { get; init; }

    /// <summary>What to stream.</summary>
    public StreamOptions? StreamOptions { get; init; }

    /// <summary>Tools that the model can call.</summary>
    public JsonElement Tools { get; init; }

    /// <summary>Whether the model calls tools.</summary>
    public JsonElement ToolChoice { get; init; }

    /// <summary>The other fields.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Fields { get; set; }
}

/// <summary>What to stream.</summary>
internal sealed record StreamOptions
{
    /// <summary>Whether the last chunk has the token counts.</summary>
    public bool? IncludeUsage { get; init; }
}

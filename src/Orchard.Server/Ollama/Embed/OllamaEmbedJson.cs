using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchard.Server.Ollama.Embed;

/// <summary>Body of a request for embeddings.</summary>
internal sealed record OllamaEmbedRequest
{
    /// <summary>The model.</summary>
    public string? Model { get; init; }

    /// <summary>A text or a list of texts.</summary>
    public JsonElement Input { get; init; }

    /// <summary>The text, in <c>/api/embeddings</c>.</summary>
    public JsonElement Prompt { get; init; }

    /// <summary>Whether the end of a text that is too long is cut off, which is the default.</summary>
    public bool? Truncate { get; init; }

    /// <summary>Number of dimensions to keep.</summary>
    public int? Dimensions { get; init; }

    /// <summary>How long the model stays loaded.</summary>
    public JsonElement KeepAlive { get; init; }

    /// <summary>The other fields.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Fields { get; set; }
}

/// <summary>Embeddings.</summary>
internal sealed record OllamaEmbeddings
{
    /// <summary>The model as the client named it.</summary>
    public required string Model { get; init; }

    /// <summary>The vectors, in the order of the texts.</summary>
    public required IReadOnlyList<float[]> Embeddings { get; init; }

    /// <summary>Nanoseconds of the request.</summary>
    public required long TotalDuration { get; init; }

    /// <summary>Nanoseconds of loading the model.</summary>
    public long LoadDuration { get; init; }

    /// <summary>Tokens of all texts.</summary>
    public required int PromptEvalCount { get; init; }
}

/// <summary>An embedding, of <c>/api/embeddings</c>.</summary>
internal sealed record OllamaEmbedding
{
    /// <summary>The vector.</summary>
    public required float[] Embedding { get; init; }
}

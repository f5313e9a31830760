using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchard.Server.OpenAI.Embeddings;

/// <summary>Body of a request for embeddings.</summary>
internal sealed record EmbeddingsRequest
{
    /// <summary>The model.</summary>
    public string? Model { get; init; }

    /// <summary>A text, a list of texts, the tokens of a text, or a list of those.</summary>
    public JsonElement Input { get; init; }

    /// <summary><c>float</c> or <c>base64</c>.</summary>
    public string? EncodingFormat { get; init; }

    /// <summary>Number of dimensions to keep.</summary>
    public int? Dimensions { get; init; }

    /// <summary>Whether the end of a text that is too long is cut off.</summary>
    public bool? Truncate { get; init; }

    /// <summary>How the vectors of the tokens are combined, for models that do not say it.</summary>
    public JsonElement Pooling { get; init; }

    /// <summary>How long the model stays loaded.</summary>
    public JsonElement KeepAlive { get; init; }

    /// <summary>The other fields.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Fields { get; set; }
}

/// <summary>Embeddings.</summary>
internal sealed record EmbeddingList
{
    /// <summary>Always <c>list</c>.</summary>
    public string Object { get; init; } = "list";

    /// <summary>The embeddings, in the order of the texts.</summary>
    public required IReadOnlyList<EmbeddingItem> Data { get; init; }

    /// <summary>The model as the client named it.</summary>
    public required string Model { get; init; }

    /// <summary>Token counts.</summary>
    public required EmbeddingUsage Usage { get; init; }
}

/// <summary>An embedding.</summary>
internal sealed record EmbeddingItem
{
    /// <summary>Always <c>embedding</c>.</summary>
    public string Object { get; init; } = "embedding";

    /// <summary>Zero-based index of the text.</summary>
    public required int Index { get; init; }

    /// <summary>The vector, as numbers or as a string with little-endian 32-bit numbers in base64.</summary>
    public required JsonElement Embedding { get; init; }
}

/// <summary>Token counts of embeddings.</summary>
internal sealed record EmbeddingUsage
{
    /// <summary>Tokens of all texts.</summary>
    public required int PromptTokens { get; init; }

    /// <summary>The same.</summary>
    public required int TotalTokens { get; init; }
}

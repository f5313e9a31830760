using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchard.Server.OpenAI.Rerank;

/// <summary>Body of a request to rank documents, in the JSON of Jina and Cohere.</summary>
internal sealed record RerankRequest
{
    /// <summary>The model.</summary>
    public string? Model { get; init; }

    /// <summary>The query.</summary>
    public JsonElement Query { get; init; }

    /// <summary>The documents: texts, or objects with a text.</summary>
    public JsonElement Documents { get; init; }

    /// <summary>Number of documents to return.</summary>
    public int? TopN { get; init; }

    /// <summary>Whether to return the texts.</summary>
    public bool? ReturnDocuments { get; init; }

    /// <summary>The other fields.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Fields { get; set; }
}

/// <summary>Ranked documents.</summary>
internal sealed record RerankList
{
    /// <summary>Always <c>list</c>.</summary>
    public string Object { get; init; } = "list";

    /// <summary>The model as the client named it.</summary>
    public required string Model { get; init; }

    /// <summary>The documents, most relevant first.</summary>
    public required IReadOnlyList<RerankItem> Results { get; init; }
}

/// <summary>A ranked document.</summary>
internal sealed record RerankItem
{
    /// <summary>Zero-based index in the request.</summary>
    public required int Index { get; init; }

    /// <summary>Relevance; higher is more relevant.</summary>
    public required double RelevanceScore { get; init; }

    /// <summary>The document, if it was asked for.</summary>
    public RerankDocument? Document { get; init; }
}

/// <summary>A document.</summary>
internal sealed record RerankDocument
{
    /// <summary>The text.</summary>
    public required string Text { get; init; }
}

namespace Orchard.Server.Models;

/// <summary>A model that is offered. Immutable.</summary>
internal sealed record CatalogModel
{
    /// <summary>Name for requests.</summary>
    public required string Name { get; init; }

    /// <summary>Absolute path of the file.</summary>
    public required string Path { get; init; }

    /// <summary>Identity of the model in the engine.</summary>
    public required string Id { get; init; }

    /// <summary>Size of all files in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>When the file was written.</summary>
    public required DateTimeOffset Modified { get; init; }

    /// <summary>The state in the server's client.</summary>
    public required ModelState State { get; init; }

    /// <summary>Properties of the model; null if it is not loaded.</summary>
    public ModelInfo? Info { get; init; }

    /// <summary>What the file says about the model; empty if it cannot be read.</summary>
    public required GgufFacts File { get; init; }

    /// <summary>SHA-256 of the file in hexadecimal digits; null if unknown.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Who published the model.</summary>
    public required string Owner { get; init; }

    /// <summary>Quantization, such as <c>Q4_K_M</c>; null if unknown.</summary>
    public string? Quantization { get; init; }

    /// <summary>License that the repository states; null if unknown.</summary>
    public string? License { get; init; }

    /// <summary>Whether the model computes embeddings or ranks rather than answers.</summary>
    public bool IsEmbedder => Info is { } info ? info.Pooling != EmbeddingPooling.Unspecified : File.Pooling is > 0;

    /// <summary>Whether the model is loaded.</summary>
    public bool IsLoaded => State == ModelState.Ready && Info is not null;

    /// <summary>Architecture as named in the file; null if unknown.</summary>
    public string? Architecture => Info?.Architecture ?? File.Architecture;

    /// <summary>Context length that the model was trained with; null if unknown.</summary>
    public int? TrainedContextLength => Info?.TrainedContextLength ?? File.ContextLength;

    /// <summary>Context length of a conversation; until the model is loaded, the one it was trained with.</summary>
    public int? ContextLength => Info?.ContextLength ?? File.ContextLength;

    /// <summary>What requests can ask of the model, by Ollama's names.</summary>
    public IReadOnlyList<string> Capabilities => IsEmbedder
        ? ["embedding"]
        :
        [
            "completion",
            .. Takes(InputModalities.Image) ? ["vision"] : Array.Empty<string>(),
            .. Takes(InputModalities.Audio) ? ["audio"] : Array.Empty<string>(),
            "tools",
            .. Info?.ChatTemplate?.SupportsReasoning is true ? ["thinking"] : Array.Empty<string>(),
        ];

    /// <summary>Whether a projector is stored with the model.</summary>
    public bool HasProjector { get; init; }

    /// <summary>
    /// Returns whether messages can have a kind of content. The projector of a model that is not loaded is taken for one that sees.
    /// </summary>
    public bool Takes(InputModalities modality) =>
        Info is { } info ? info.InputModalities.HasFlag(modality) : HasProjector && modality == InputModalities.Image;
}

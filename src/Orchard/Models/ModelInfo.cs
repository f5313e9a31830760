namespace Orchard;

/// <summary>What a loaded model is. Immutable.</summary>
public sealed record ModelInfo
{
    /// <summary>The model's identity on this machine: two names that mean the same file have the same one.</summary>
    public required string Id { get; init; }

    /// <summary>Absolute path of the model file.</summary>
    public required string Path { get; init; }

    /// <summary>Architecture as the model file names it, such as <c>llama</c>; null when the engine did not say.</summary>
    public string? Architecture { get; init; }

    /// <summary>Number of weights; null when the engine did not say.</summary>
    public long? ParameterCount { get; init; }

    /// <summary>Tokens one conversation may hold, prompt and completion together; null when the engine did not say.</summary>
    public int? ContextLength { get; init; }

    /// <summary>Size of the model file in bytes; null when the engine did not say.</summary>
    public long? FileBytes { get; init; }

    /// <summary>How the weights are stored, such as <c>Q4_K_M</c>; null when the engine did not say.</summary>
    public string? Quantization { get; init; }

    /// <summary>
    /// Tokens of context the model was trained on; null when the engine did not say. <see cref="ContextLength"/> is what it has here.
    /// </summary>
    public int? TrainedContextLength { get; init; }

    /// <summary>Numbers in the embedding of a token; null when the engine did not say.</summary>
    public int? EmbeddingLength { get; init; }

    /// <summary>
    /// How the model file says that the embeddings of tokens become one of a text: <c>none</c>, <c>mean</c>, <c>cls</c>, <c>last</c>, or
    /// <c>rank</c> for a reranker; null when it does not say, as files of chat models do not.
    /// </summary>
    public string? Pooling { get; init; }

    /// <summary>
    /// The texts of tokens with a role, by Hugging Face's names of the roles: <c>bos_token</c>, <c>eos_token</c>, <c>unk_token</c>,
    /// <c>sep_token</c>, <c>pad_token</c>, <c>cls_token</c>, <c>mask_token</c>, as far as the model has them.
    /// </summary>
    public IReadOnlyDictionary<string, string> SpecialTokens { get; init; } = new Dictionary<string, string>();

    /// <summary>What the model's chat template can express; null when there is none to ask, as with a model that was not loaded.</summary>
    public ChatTemplateInfo? ChatTemplate { get; init; }

    /// <summary>Whether both tell the same of the same file. What else the file holds, tokens and templates, is not compared.</summary>
    /// <param name="other">The other one.</param>
    public bool Equals(ModelInfo? other) => other is not null && Facts == other.Facts;

    /// <inheritdoc/>
    public override int GetHashCode() => Facts.GetHashCode();

    private (string, string, string?, long?, int?, long?, string?, int?, int?, string?) Facts =>
        (Id, Path, Architecture, ParameterCount, ContextLength, FileBytes, Quantization, TrainedContextLength, EmbeddingLength, Pooling);
}

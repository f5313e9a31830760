namespace Orchard;

/// <summary>Properties of a loaded model. Immutable.</summary>
public sealed class ModelInfo
{
    /// <summary>Identity of the model on this machine; names that refer to the same file have the same identity.</summary>
    public required string Id { get; init; }

    /// <summary>Absolute path of the model file.</summary>
    public required string Path { get; init; }

    /// <summary>Repository on the hub, such as <c>Qwen/Qwen3-0.6B-GGUF</c>; null if the model was not named by one.</summary>
    public string? Repository { get; init; }

    /// <summary>Commit of <see cref="Repository"/>; null if the model was not named by a repository.</summary>
    public string? Revision { get; init; }

    /// <summary>
    /// Path of the file in <see cref="Repository"/>, of the first part if the model is split; null if the model was not named by a
    /// repository.
    /// </summary>
    public string? File { get; init; }

    /// <summary>SHA-256 of <see cref="File"/> in hexadecimal digits; null if unknown.</summary>
    public string? Sha256 { get; init; }

    /// <summary>License that the repository states, such as <c>apache-2.0</c>; null if unknown.</summary>
    public string? License { get; init; }

    /// <summary>Architecture as named in the model file, such as <c>llama</c>; null if the engine did not report it.</summary>
    public string? Architecture { get; init; }

    /// <summary>Number of parameters; null if the engine did not report it.</summary>
    public long? ParameterCount { get; init; }

    /// <summary>
    /// Context length of one conversation in tokens, for prompt and completion together; null if the engine did not report it.
    /// </summary>
    public int? ContextLength { get; init; }

    /// <summary>What limits <see cref="ContextLength"/>.</summary>
    public ContextLimit ContextLimitedBy { get; init; }

    /// <summary>Number of sequences that are computed at the same time; null if the engine did not report it.</summary>
    public int? ParallelSequences { get; init; }

    /// <summary>Type of the keys in the KV cache; null if the engine did not report it.</summary>
    public CacheType? KeyCacheType { get; init; }

    /// <summary>Type of the values in the KV cache; null if the engine did not report it.</summary>
    public CacheType? ValueCacheType { get; init; }

    /// <summary>
    /// Memory that the model takes at most, in bytes: weights, KV cache and buffers; null if the engine did not report it.
    /// </summary>
    public long? ReservedBytes { get; init; }

    /// <summary>Size of the model file in bytes; null if the engine did not report it.</summary>
    public long? FileBytes { get; init; }

    /// <summary>Quantization of the weights, such as <c>Q4_K_M</c>; null if the engine did not report it.</summary>
    public string? Quantization { get; init; }

    /// <summary>
    /// Context length in tokens that the model was trained with; null if the engine did not report it. <see cref="ContextLength"/> is the
    /// one in use.
    /// </summary>
    public int? TrainedContextLength { get; init; }

    /// <summary>Number of dimensions of an embedding; null if the engine did not report it.</summary>
    public int? EmbeddingLength { get; init; }

    /// <summary>
    /// Whether the native library computes several sequences of this model correctly in one batch, as a self-test when the model was first
    /// loaded found. If false, the engine decodes them one after another: the results are right, but parallel calls are slower. Null if the
    /// engine did not report it, or if the model does not generate text.
    /// </summary>
    public bool? PassedSelfTest { get; init; }

    /// <summary>Layers and bytes on each device, the GPUs first. Empty if the model is on the processor, and on a Mac.</summary>
    public IReadOnlyList<ModelPlacement> Devices { get; init; } = [];

    /// <summary>
    /// Pooling type that the model file specifies; <see cref="EmbeddingPooling.Unspecified"/> if it specifies none, as is usual for chat
    /// models, and <see cref="EmbeddingPooling.Rank"/> for a reranking model.
    /// </summary>
    public EmbeddingPooling Pooling { get; init; }

    /// <summary>
    /// What messages for the model may contain; <see cref="InputModalities.None"/> if unknown, as for models of other servers.
    /// </summary>
    public InputModalities InputModalities { get; init; }

    /// <summary>Absolute path of the projector file that is in use; null if the model has none.</summary>
    public string? Projector { get; init; }

    /// <summary>
    /// Absolute path of the draft model that is in use; null if there is none. See <see cref="ModelOptions.DraftModel"/>.
    /// <see cref="ReservedBytes"/> includes it.
    /// </summary>
    public string? DraftModel { get; init; }

    /// <summary>
    /// Sampling values that the model file recommends. They apply where the corresponding <see cref="GenerationOptions"/> are null.
    /// </summary>
    public RecommendedSampling RecommendedSampling { get; init; } = RecommendedSampling.None;

    /// <summary>
    /// Texts of the model's special tokens, by their names in Hugging Face's libraries: <c>bos_token</c>, <c>eos_token</c>,
    /// <c>unk_token</c>, <c>sep_token</c>, <c>pad_token</c>, <c>cls_token</c> and <c>mask_token</c>. Contains those that the model defines.
    /// </summary>
    public IReadOnlyDictionary<string, string> SpecialTokens { get; init; } = new Dictionary<string, string>();

    /// <summary>Capabilities of the model's chat template; null for an instance that does not describe a loaded model.</summary>
    public ChatTemplateInfo? ChatTemplate { get; init; }

    /// <summary>Why a projector that was found is not used, as a sentence; null if it is, or if none was found.</summary>
    internal string? ProjectorProblem { get; init; }
}

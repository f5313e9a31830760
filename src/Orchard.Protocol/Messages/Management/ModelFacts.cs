using System.Text.Json.Serialization;

namespace Orchard.Protocol.Messages.Management;

/// <summary>What an Orchard engine reports about a model beyond the PIE fields.</summary>
internal sealed record ModelFacts
{
    [JsonPropertyName("architecture")]
    public string? Architecture { get; init; }

    [JsonPropertyName("parameter_count")]
    public long? ParameterCount { get; init; }

    /// <summary>Most tokens in one sequence, prompt and completion together.</summary>
    [JsonPropertyName("context_length")]
    public int? ContextLength { get; init; }

    /// <summary>What limits <see cref="ContextLength"/>: <c>model</c>, <c>memory</c> or <c>option</c>.</summary>
    [JsonPropertyName("context_limited_by")]
    public string? ContextLimitedBy { get; init; }

    /// <summary>Number of sequences that are computed at the same time.</summary>
    [JsonPropertyName("parallel_sequences")]
    public int? ParallelSequences { get; init; }

    /// <summary>Type of the keys in the KV cache: <c>f16</c>, <c>q8_0</c> or <c>q4_0</c>.</summary>
    [JsonPropertyName("key_cache_type")]
    public string? KeyCacheType { get; init; }

    /// <summary>Type of the values in the KV cache: <c>f16</c>, <c>q8_0</c> or <c>q4_0</c>.</summary>
    [JsonPropertyName("value_cache_type")]
    public string? ValueCacheType { get; init; }

    /// <summary>Memory that the model takes at most: weights, KV cache and buffers.</summary>
    [JsonPropertyName("reserved_bytes")]
    public long? ReservedBytes { get; init; }

    [JsonPropertyName("file_bytes")]
    public long? FileBytes { get; init; }

    /// <summary>The default chat template.</summary>
    [JsonPropertyName("chat_template")]
    public string? ChatTemplate { get; init; }

    /// <summary>Further chat templates by name.</summary>
    [JsonPropertyName("chat_templates")]
    public Dictionary<string, string>? ChatTemplates { get; init; }

    /// <summary>Texts of special tokens by their Hugging Face name, such as <c>unk_token</c>.</summary>
    [JsonPropertyName("special_tokens")]
    public Dictionary<string, string>? SpecialTokens { get; init; }

    /// <summary>Quantization of the weights, such as <c>Q4_K_M</c>.</summary>
    [JsonPropertyName("quantization")]
    public string? Quantization { get; init; }

    /// <summary>Context length in tokens that the model was trained with.</summary>
    [JsonPropertyName("trained_context_length")]
    public int? TrainedContextLength { get; init; }

    /// <summary>Dimensions of an embedding.</summary>
    [JsonPropertyName("embedding_length")]
    public int? EmbeddingLength { get; init; }

    /// <summary>
    /// Whether sequences that are decoded together gave the same as one alone; if not, the engine decodes them one after another.
    /// </summary>
    [JsonPropertyName("passed_self_test")]
    public bool? PassedSelfTest { get; init; }

    /// <summary>Where the layers are; null if all are on the processor, or if the library has decided that.</summary>
    [JsonPropertyName("devices")]
    public ModelDevice[]? Devices { get; init; }

    /// <summary>Pooling according to the model file: <c>none</c>, <c>mean</c>, <c>cls</c>, <c>last</c> or <c>rank</c>.</summary>
    [JsonPropertyName("pooling")]
    public string? Pooling { get; init; }

    /// <summary>Recommended sampling values: the numeric <c>general.sampling.*</c> keys of the file, by the last part of the key.</summary>
    [JsonPropertyName("sampling")]
    public Dictionary<string, double>? Sampling { get; init; }

    /// <summary>What prompts may contain: <c>text</c>, <c>image</c> and <c>audio</c>.</summary>
    [JsonPropertyName("input_modalities")]
    public string[]? InputModalities { get; init; }

    /// <summary>Absolute path of the projector file that is in use; null if there is none.</summary>
    [JsonPropertyName("projector")]
    public string? Projector { get; init; }

    /// <summary>Why a projector that was found is not used, as a sentence; null if it is, or if none was found.</summary>
    [JsonPropertyName("projector_problem")]
    public string? ProjectorProblem { get; init; }

    /// <summary>Absolute path of the model that drafts tokens; null if there is none.</summary>
    [JsonPropertyName("draft_model")]
    public string? DraftModel { get; init; }

    /// <summary>Text of the beginning-of-sequence token.</summary>
    [JsonPropertyName("bos_token")]
    public string? BeginToken { get; init; }

    /// <summary>Text of the end-of-sequence token.</summary>
    [JsonPropertyName("eos_token")]
    public string? EndToken { get; init; }

    /// <summary>Texts of all control tokens.</summary>
    [JsonPropertyName("control_tokens")]
    public string[]? ControlTokens { get; init; }
}

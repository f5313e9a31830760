using System.Text.Json.Serialization;

namespace Orchard.Protocol.Messages.Management;

/// <summary>Options of <c>load_model</c> that PIE does not have. What is left out is up to the engine.</summary>
internal sealed record LoadExtensions
{
    /// <summary>The value of <see cref="Projector"/> for a model without one.</summary>
    public const string NoProjector = "none";

    /// <summary>Whether the model file is mapped into memory (default: true); otherwise it is read.</summary>
    [JsonPropertyName("use_memory_map")]
    public bool? UsesMemoryMap { get; init; }

    /// <summary>Whether the weights are kept from being swapped out.</summary>
    [JsonPropertyName("lock_memory")]
    public bool? LocksMemory { get; init; }

    /// <summary>Whether what was computed of prompts and answers is kept on disk (default: as the engine's settings say).</summary>
    [JsonPropertyName("keep_prefixes")]
    public bool? KeepsPrefixes { get; init; }

    /// <summary>Most tokens in one sequence, prompt and completion together.</summary>
    [JsonPropertyName("context_length")]
    public int? ContextLength { get; init; }

    /// <summary>Number of sequences that are computed at the same time.</summary>
    [JsonPropertyName("parallel_sequences")]
    public int? ParallelSequences { get; init; }

    /// <summary>Type of the keys in the KV cache: <c>f16</c>, <c>q8_0</c> or <c>q4_0</c>.</summary>
    [JsonPropertyName("key_cache_type")]
    public string? KeyCacheType { get; init; }

    /// <summary>Type of the values in the KV cache: <c>f16</c>, <c>q8_0</c> or <c>q4_0</c>.</summary>
    [JsonPropertyName("value_cache_type")]
    public string? ValueCacheType { get; init; }

    /// <summary>Number of layers on the GPU; -1 for all.</summary>
    [JsonPropertyName("gpu_layers")]
    public int? GpuLayers { get; init; }

    /// <summary>Names of the devices that hold layers.</summary>
    [JsonPropertyName("devices")]
    public string[]? Devices { get; init; }

    /// <summary>Whether flash attention is used.</summary>
    [JsonPropertyName("flash_attention")]
    public bool? FlashAttention { get; init; }

    /// <summary>Number of threads that compute.</summary>
    [JsonPropertyName("threads")]
    public int? Threads { get; init; }

    /// <summary>Most tokens in one step, over all sequences.</summary>
    [JsonPropertyName("batch_size")]
    public int? BatchSize { get; init; }

    /// <summary>RoPE scaling: <c>none</c>, <c>linear</c> or <c>yarn</c>.</summary>
    [JsonPropertyName("rope_scaling")]
    public string? RopeScaling { get; init; }

    /// <summary>RoPE base frequency.</summary>
    [JsonPropertyName("rope_frequency_base")]
    public double? RopeFrequencyBase { get; init; }

    /// <summary>Factor of the RoPE frequencies: 0.25 extends the context to four times its length.</summary>
    [JsonPropertyName("rope_frequency_scale")]
    public double? RopeFrequencyScale { get; init; }

    /// <summary>For YaRN: the context length in tokens before scaling.</summary>
    [JsonPropertyName("rope_original_context_length")]
    public int? RopeOriginalContextLength { get; init; }

    /// <summary>Default pooling of embeddings: <c>mean</c>, <c>cls</c> or <c>last</c>.</summary>
    [JsonPropertyName("pooling")]
    public string? Pooling { get; init; }

    /// <summary>
    /// Absolute path of the projector file for images and sound, or <see cref="NoProjector"/> for none. Null for the only file
    /// <c>mmproj*.gguf</c> beside the model file that fits the model, if there is one and it can be used.
    /// </summary>
    [JsonPropertyName("projector")]
    public string? Projector { get; init; }

    /// <summary>Whether the model is loaded without <see cref="Projector"/> if that cannot be used; otherwise the load fails.</summary>
    [JsonPropertyName("projector_is_optional")]
    public bool? ProjectorIsOptional { get; init; }

    /// <summary>Absolute path of a smaller model with the same vocabulary that drafts tokens; null for none.</summary>
    [JsonPropertyName("draft_model")]
    public string? DraftModel { get; init; }

    /// <summary>How long the model stays loaded after its last use by this client, in seconds; negative for always.</summary>
    [JsonPropertyName("keep_alive")]
    public double? KeepAliveSeconds { get; init; }

    /// <summary>Whether the model stays loaded as long as this client is connected.</summary>
    [JsonPropertyName("keep_while_connected")]
    public bool? KeepsWhileConnected { get; init; }
}

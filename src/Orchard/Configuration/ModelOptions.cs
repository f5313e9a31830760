using Orchard.Validation;

namespace Orchard;

/// <summary>How a model is loaded. What is null is not specified.</summary>
/// <remarks>
/// <para>
/// Can be set for one model (<see cref="ModelRegistry.EnsureLoadedAsync(string, ModelOptions, IProgress{ModelLoadProgress}?,
/// CancellationToken)"/> or <see cref="ClientOptions.Models"/>), for all models of a client (<see cref="ClientOptions.ModelDefaults"/>),
/// and by environment variables. What is more specific counts.
/// </para>
/// <para>
/// Applications share loaded models. A model that is loaded serves clients with smaller needs. If it cannot serve a client, it is loaded
/// again, with what both need, or the call fails with <see cref="ModelOptionsConflictException"/> if it is in use.
/// <see cref="ModelInfo"/> says what was granted.
/// </para>
/// <para>Compared by value. Not thread-safe while it is being changed.</para>
/// </remarks>
public sealed record ModelOptions
{
    /// <summary>The value of <see cref="Projector"/> for a model that is to be loaded without one.</summary>
    public const string NoProjector = "none";

    internal const int MaxParallelSequences = 1024;

    /// <summary>
    /// Context length in tokens, for prompt and completion of one conversation together, at least 1 (default: null, which means the
    /// environment variable <c>ORCHARD_CONTEXT_LENGTH</c>, or else the length that the model was trained with, as far as the memory
    /// suffices). Rounded up to a multiple of 256. A longer one than the model was trained with has an effect only together with the RoPE
    /// options.
    /// </summary>
    public int? ContextLength { get; set; }

    /// <summary>
    /// Number of sequences that are computed at the same time, 1 to 1,024; others wait (default: null, which means the environment variable
    /// <c>ORCHARD_PARALLEL_SEQUENCES</c>, or else 32, as far as the memory suffices).
    /// </summary>
    public int? ParallelSequences { get; set; }

    /// <summary>
    /// Type of the keys in the KV cache (default: null, which means the environment variable <c>ORCHARD_KEY_CACHE_TYPE</c>, or else
    /// <see cref="CacheType.F16"/>).
    /// </summary>
    public CacheType? KeyCacheType { get; set; }

    /// <summary>
    /// Type of the values in the KV cache (default: null, which means the environment variable <c>ORCHARD_VALUE_CACHE_TYPE</c>, or else
    /// <see cref="CacheType.F16"/>). Other types require flash attention.
    /// </summary>
    public CacheType? ValueCacheType { get; set; }

    /// <summary>
    /// Number of layers on the GPU, from 0; -1 for all (default: null, which means the environment variable <c>ORCHARD_GPU_LAYERS</c>, or
    /// else as many as fit). The output after the last layer counts as one. Has no effect without a GPU. If the layers do not fit into its
    /// free memory, the load fails with <see cref="ModelMemoryException"/>.
    /// </summary>
    public int? GpuLayers { get; set; }

    /// <summary>Names of the devices that hold layers, such as <c>CUDA0</c> (default: null, all GPUs).</summary>
    public IList<string>? Devices { get; set; }

    /// <summary>
    /// Whether flash attention is used (default: null, which means the environment variable <c>ORCHARD_FLASH_ATTENTION</c>, or else what is
    /// faster: with a GPU it is used, on CPUs only where the memory would not suffice without it).
    /// </summary>
    public bool? FlashAttention { get; set; }

    /// <summary>Number of threads that compute, 1 to 512 (default: null, measured when the model is loaded).</summary>
    public int? Threads { get; set; }

    /// <summary>Maximum number of tokens per step, over all sequences, 1 to 65,536 (default: null, 512).</summary>
    public int? BatchSize { get; set; }

    /// <summary>
    /// How long the model stays loaded after its last use by this client, even if the application has exited; zero to unload it at once,
    /// <see cref="Timeout.InfiniteTimeSpan"/> to keep it (default: null, which means the environment variable <c>ORCHARD_KEEP_ALIVE</c>, a
    /// number of seconds or -1, or else 5 minutes). A model that is idle may leave earlier to make room for others, unless it is to be
    /// kept.
    /// </summary>
    public TimeSpan? KeepAlive { get; set; }

    /// <summary>
    /// Whether the model also stays loaded as long as this client is connected (default: null, which means false, but true for
    /// <see cref="EngineOptions.LoadModels"/> and for the models that a host preloads).
    /// </summary>
    public bool? KeepWhileConnected { get; set; }

    /// <summary>
    /// Whether the model file is mapped into memory (default: null, which means <see cref="ClientOptions.UseMemoryMap"/>). Has no effect
    /// on a model that is loaded already.
    /// </summary>
    public bool? UseMemoryMap { get; set; }

    /// <summary>Whether the weights are kept from being swapped out (default: null, which means false).</summary>
    public bool? LockMemory { get; set; }

    /// <summary>
    /// Whether what the model has computed of long prompts and answers is kept on disk, in the engine's folder, so that a later engine or
    /// load goes on from there instead of computing it again (default: null, which means true). The files contain the tokens, and so the
    /// text, and only the user can read them; see docs/operations.md. If false, nothing of this model is written or read; if a client that
    /// wants that finds the model loaded otherwise, it is loaded again. <c>ORCHARD_ENGINE_PREFIX_CACHE=0</c> turns it off for all models.
    /// </summary>
    public bool? KeepPrefixesOnDisk { get; set; }

    /// <summary>RoPE scaling (default: null, as the model file says).</summary>
    public RopeScaling? RopeScaling { get; set; }

    /// <summary>RoPE base frequency, above 0 (default: null, as the model file says).</summary>
    public double? RopeFrequencyBase { get; set; }

    /// <summary>
    /// Factor of the RoPE frequencies, above 0; 0.25 makes the context four times as long (default: null, as the model file says).
    /// </summary>
    public double? RopeFrequencyScale { get; set; }

    /// <summary>Context length in tokens before YaRN scaling, at least 1 (default: null, as the model file says).</summary>
    public int? RopeOriginalContextLength { get; set; }

    /// <summary>
    /// Pooling of embeddings: <see cref="EmbeddingPooling.Mean"/>, <see cref="EmbeddingPooling.Cls"/> or
    /// <see cref="EmbeddingPooling.Last"/> (default: null, as the model file says).
    /// </summary>
    public EmbeddingPooling? Pooling { get; set; }

    /// <summary>
    /// Path of the projector (mmproj) file through which the model sees images and hears sound, or <see cref="NoProjector"/> to load it
    /// without one (default: null, which means the environment variable <c>ORCHARD_PROJECTOR</c>, or else the file that was downloaded with
    /// the model from the hub, or the only file <c>mmproj*.gguf</c> beside the model file that fits the model). A leading <c>~</c> is the
    /// user's home directory. If a specified file does not exist or does not fit, the load fails.
    /// </summary>
    public string? Projector { get; set; }

    /// <summary>
    /// A smaller model that drafts tokens which the model then checks, several in one step; the answers are the same as without it
    /// (default: null, none). Named like a model: the path of a GGUF file or of a directory with exactly one, or a name of the hub, from
    /// which it is downloaded. It must have the same vocabulary, as models of one family do; otherwise the load fails with
    /// <see cref="DraftModelException"/>. It is loaded and unloaded with the model, takes memory of its own, and drafts only as long as
    /// that saves time.
    /// </summary>
    public string? DraftModel { get; set; }

    /// <summary>Returns whether the other options have the same values.</summary>
    /// <param name="other">The other options.</param>
    public bool Equals(ModelOptions? other) =>
        other is not null
        && (ContextLength, ParallelSequences, KeyCacheType, ValueCacheType, GpuLayers, FlashAttention, Threads)
            == (other.ContextLength, other.ParallelSequences, other.KeyCacheType, other.ValueCacheType, other.GpuLayers,
                other.FlashAttention, other.Threads)
        && (BatchSize, KeepAlive, KeepWhileConnected, UseMemoryMap, LockMemory, RopeScaling, RopeFrequencyBase)
            == (other.BatchSize, other.KeepAlive, other.KeepWhileConnected, other.UseMemoryMap, other.LockMemory, other.RopeScaling,
                other.RopeFrequencyBase)
        && (RopeFrequencyScale, RopeOriginalContextLength, Pooling, Projector, KeepPrefixesOnDisk, DraftModel)
            == (other.RopeFrequencyScale, other.RopeOriginalContextLength, other.Pooling, other.Projector, other.KeepPrefixesOnDisk,
                other.DraftModel)
        && (Devices ?? []).SequenceEqual(other.Devices ?? []);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(ContextLength, ParallelSequences, KeyCacheType, ValueCacheType, KeepAlive);

    /// <summary>Returns a copy in which the other options fill in what is null.</summary>
    internal ModelOptions Or(ModelOptions? other) => other is null ? this with { } : new ModelOptions
    {
        ContextLength = ContextLength ?? other.ContextLength,
        ParallelSequences = ParallelSequences ?? other.ParallelSequences,
        KeyCacheType = KeyCacheType ?? other.KeyCacheType,
        ValueCacheType = ValueCacheType ?? other.ValueCacheType,
        GpuLayers = GpuLayers ?? other.GpuLayers,
        Devices = (Devices ?? other.Devices) is { } devices ? [.. devices] : null,
        FlashAttention = FlashAttention ?? other.FlashAttention,
        Threads = Threads ?? other.Threads,
        BatchSize = BatchSize ?? other.BatchSize,
        KeepAlive = KeepAlive ?? other.KeepAlive,
        KeepWhileConnected = KeepWhileConnected ?? other.KeepWhileConnected,
        UseMemoryMap = UseMemoryMap ?? other.UseMemoryMap,
        LockMemory = LockMemory ?? other.LockMemory,
        KeepPrefixesOnDisk = KeepPrefixesOnDisk ?? other.KeepPrefixesOnDisk,
        RopeScaling = RopeScaling ?? other.RopeScaling,
        RopeFrequencyBase = RopeFrequencyBase ?? other.RopeFrequencyBase,
        RopeFrequencyScale = RopeFrequencyScale ?? other.RopeFrequencyScale,
        RopeOriginalContextLength = RopeOriginalContextLength ?? other.RopeOriginalContextLength,
        Pooling = Pooling ?? other.Pooling,
        Projector = Projector ?? other.Projector,
        DraftModel = DraftModel ?? other.DraftModel,
    };

    /// <exception cref="ArgumentOutOfRangeException">
    /// A value is not allowed. The message names the option, its value and the range.
    /// </exception>
    internal void Validate()
    {
        OptionRange.Require(ContextLength is null or >= 1, ContextLength, "at least 1");
        OptionRange.Require(ParallelSequences is null or (>= 1 and <= MaxParallelSequences), ParallelSequences, "1 to 1,024");
        OptionRange.Require(GpuLayers is null or >= -1, GpuLayers, "0 or more, or -1 for all");
        OptionRange.Require(Threads is null or (>= 1 and <= 512), Threads, "1 to 512");
        OptionRange.Require(BatchSize is null or (>= 1 and <= 65536), BatchSize, "1 to 65,536");
        OptionRange.Require(
            FlashAttention is not false || ValueCacheType is null or CacheType.F16, ValueCacheType, "F16 without flash attention");
        OptionRange.Require(Projector is null || !string.IsNullOrWhiteSpace(Projector), Projector, $"a path, or '{NoProjector}'");
        OptionRange.Require(DraftModel is null || !string.IsNullOrWhiteSpace(DraftModel), DraftModel, "the name or path of a model");
        OptionRange.RequireKeepAlive(KeepAlive);
        OptionRange.Require(RopeFrequencyBase is null or > 0, RopeFrequencyBase, "above 0");
        OptionRange.Require(RopeFrequencyScale is null or > 0, RopeFrequencyScale, "above 0");
        OptionRange.Require(RopeOriginalContextLength is null or >= 1, RopeOriginalContextLength, "at least 1");
        OptionRange.Require(
            Pooling is null or EmbeddingPooling.Mean or EmbeddingPooling.Cls or EmbeddingPooling.Last, Pooling, "Mean, Cls or Last");
    }
}

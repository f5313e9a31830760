namespace Orchard.Engine.Inference;

/// <summary>How a model is to be loaded. What is null is up to the engine.</summary>
internal sealed record ModelSettings
{
    /// <summary>The value of <see cref="Projector"/> for a model without one.</summary>
    public const string NoProjector = "none";

    public static ModelSettings Default { get; } = new();

    /// <summary>Whether the file is mapped into memory (default: true); otherwise it is read.</summary>
    public bool MapsFile { get; init; } = true;

    /// <summary>Whether the weights are kept from being swapped out.</summary>
    public bool LocksMemory { get; init; }

    /// <summary>Whether what was computed of prompts and answers may be kept on disk (default: true).</summary>
    public bool KeepsPrefixes { get; init; } = true;

    /// <summary>Most tokens in one sequence, prompt and completion together.</summary>
    public int? ContextLength { get; init; }

    /// <summary>Number of sequences that are computed at the same time.</summary>
    public int? Sequences { get; init; }

    public CacheType? KeyType { get; init; }

    public CacheType? ValueType { get; init; }

    /// <summary>Number of layers on the GPU; -1 for all.</summary>
    public int? GpuLayers { get; init; }

    /// <summary>Names of the devices that hold layers; empty for all.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];

    public bool? FlashAttention { get; init; }

    public int? Threads { get; init; }

    /// <summary>Most tokens in one step, over all sequences.</summary>
    public int? BatchTokens { get; init; }

    public RopeSettings Rope { get; init; }

    /// <summary>Default pooling of embeddings.</summary>
    public Pooling? Pooling { get; init; }

    /// <summary>
    /// Path of the projector for images and sound; null for the one beside the model file, <see cref="NoProjector"/> for none.
    /// </summary>
    public string? Projector { get; init; }

    /// <summary>Whether the model is loaded without the projector if that cannot be used.</summary>
    public bool IsProjectorOptional { get; init; }

    /// <summary>Path of a smaller model that drafts tokens; null for none.</summary>
    public string? DraftModel { get; init; }

    /// <summary>Returns settings that serve clients with these and with other settings, which count where only one can.</summary>
    public ModelSettings Or(ModelSettings other) => other with
    {
        LocksMemory = LocksMemory || other.LocksMemory,
        KeepsPrefixes = KeepsPrefixes && other.KeepsPrefixes,
        ContextLength = Greater(ContextLength, other.ContextLength),
        Sequences = Greater(Sequences, other.Sequences),
        KeyType = Greater(KeyType, other.KeyType),
        ValueType = Greater(ValueType, other.ValueType),
        GpuLayers = other.GpuLayers ?? GpuLayers,
        Devices = other.Devices.Count > 0 ? other.Devices : Devices,
        FlashAttention = other.FlashAttention ?? FlashAttention,
        Threads = Greater(Threads, other.Threads),
        BatchTokens = Greater(BatchTokens, other.BatchTokens),
        Rope = other.Rope.IsSet ? other.Rope : Rope,
        Pooling = other.Pooling ?? Pooling,
        Projector = other.Projector ?? Projector,
        DraftModel = other.DraftModel ?? DraftModel,
        IsProjectorOptional = other.Projector is null ? IsProjectorOptional : other.IsProjectorOptional,
    };

    private static T? Greater<T>(T? one, T? other)
        where T : struct =>
        one is null || Comparer<T?>.Default.Compare(one, other) < 0 ? other : one;
}

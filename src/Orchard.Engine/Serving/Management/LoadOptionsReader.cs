using Orchard.Engine.Inference;
using Orchard.Engine.Serving.Models;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Management;

namespace Orchard.Engine.Serving.Management;

/// <summary>Reads and checks the options of a load command.</summary>
internal static class LoadOptionsReader
{
    private const int MostTokens = 1 << 30;
    private const int MostSequences = 1024;
    private const int MostThreads = 512;
    private const int MostBatchTokens = 1 << 16;
    private const int MostLayers = 1 << 16;

    /// <exception cref="ArgumentException">An option is out of range or unknown.</exception>
    public static LoadOptions Read(LoadExtensions? options)
    {
        if (options is null)
        {
            return LoadOptions.Default;
        }

        CheckRange("context_length", options.ContextLength, 1, MostTokens);
        CheckRange("parallel_sequences", options.ParallelSequences, 1, MostSequences);
        CheckRange("threads", options.Threads, 1, MostThreads);
        CheckRange("batch_size", options.BatchSize, 1, MostBatchTokens);
        CheckRange("gpu_layers", options.GpuLayers, -1, MostLayers);
        CheckRange("rope_original_context_length", options.RopeOriginalContextLength, 1, MostTokens);
        CheckPositive("rope_frequency_base", options.RopeFrequencyBase);
        CheckPositive("rope_frequency_scale", options.RopeFrequencyScale);
        if (options.RopeScaling is { } scaling && !RopeSettings.IsScaling(scaling))
        {
            throw Unknown("rope_scaling", scaling, "none, linear or yarn");
        }

        var settings = new ModelSettings
        {
            MapsFile = options.UsesMemoryMap ?? true,
            LocksMemory = options.LocksMemory ?? false,
            KeepsPrefixes = options.KeepsPrefixes ?? true,
            ContextLength = options.ContextLength,
            Sequences = options.ParallelSequences,
            KeyType = CacheTypeOf("key_cache_type", options.KeyCacheType),
            ValueType = CacheTypeOf("value_cache_type", options.ValueCacheType),
            GpuLayers = options.GpuLayers,
            Devices = options.Devices ?? [],
            FlashAttention = options.FlashAttention,
            Threads = options.Threads,
            BatchTokens = options.BatchSize,
            Rope = new RopeSettings(
                options.RopeScaling, options.RopeFrequencyBase, options.RopeFrequencyScale, options.RopeOriginalContextLength),
            Pooling = PoolingOf(options.Pooling),
            Projector = ProjectorOf(options.Projector),
            DraftModel = AbsoluteOf("draft_model", options.DraftModel),
            IsProjectorOptional = options.ProjectorIsOptional ?? false,
        };
        if (settings is { FlashAttention: false, ValueType: CacheType.Q8 or CacheType.Q4 })
        {
            throw new ArgumentException(
                "Values of another type than f16 in the KV cache need flash attention. Leave flash_attention out, or set it to true.");
        }

        return new LoadOptions(settings, KeepAliveTime.FromSeconds(options.KeepAliveSeconds), options.KeepsWhileConnected ?? false);
    }

    private static void CheckRange(string name, int? value, int least, int most)
    {
        if (value < least || value > most)
        {
            throw new ArgumentException(FormattableString.Invariant($"{name} is {value}; it must be from {least} to {most}."));
        }
    }

    private static void CheckPositive(string name, double? value)
    {
        if (value is { } number && !(number > 0 && double.IsFinite(number)))
        {
            throw new ArgumentException(FormattableString.Invariant($"{name} is {value}; it must be above 0."));
        }
    }

    private static CacheType? CacheTypeOf(string name, string? text) =>
        text is null ? null : CacheTypes.Find(text) ?? throw Unknown(name, text, "f16, q8_0 or q4_0");

    private static Pooling? PoolingOf(string? text) => text switch
    {
        null => null,
        "mean" => Pooling.Mean,
        "cls" => Pooling.Cls,
        "last" => Pooling.Last,
        _ => throw Unknown("pooling", text, "mean, cls or last"),
    };

    private static string? ProjectorOf(string? path) =>
        path is LoadExtensions.NoProjector ? path : AbsoluteOf("projector", path);

    private static string? AbsoluteOf(string name, string? path) => path is null || Path.IsPathFullyQualified(path)
        ? path
        : throw new ArgumentException(
            $"{name} '{path}' is relative; specify an absolute path, since the engine has another working directory.");

    private static ArgumentException Unknown(string name, string value, string known) => new($"{name} is '{value}'; it must be {known}.");
}

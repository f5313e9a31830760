using System.Globalization;
using Orchard.Engine.Native;

namespace Orchard.Engine.Inference;

/// <summary>How large a decoder's KV cache and batches are, and how many threads compute.</summary>
internal sealed record DecoderOptions
{
    /// <summary>Overrides the number of threads: a whole number from 1 to 512.</summary>
    public const string ThreadsVariable = "ORCHARD_ENGINE_THREADS";

    /// <summary>Switches prompt lookup off with <c>0</c>; see <see cref="Speculates"/>.</summary>
    public const string SpeculationVariable = "ORCHARD_ENGINE_SPECULATION";

    /// <summary>How the KV cache is laid out: <c>split</c> or <c>unified</c>; see <see cref="UnifiedKeyValueCache"/>.</summary>
    public const string KeyValueCacheVariable = "ORCHARD_ENGINE_KV_CACHE";

    private const int DefaultSequenceCapacity = 32;
    private const int DefaultBatchCapacity = 512;
    private const int MaxDefaultContext = 8192;
    private const int MinContext = 512;
    private const int InitialContext = 256;
    private const int MaxThreads = 512;

    /// <summary>Below this file size the threads wait for each other longer than they compute.</summary>
    private const long SmallModelBytes = 64L << 20;

    // The scores of a batch may take this part of the memory.
    private const int ScoresPart = 32;

    /// <summary>Sequences decoded together (default: 32).</summary>
    public int SequenceCapacity { get; init; } = DefaultSequenceCapacity;

    /// <summary>Tokens each sequence may hold (default: 8,192). The library rounds it up to a multiple of 256.</summary>
    public int ContextLength { get; init; } = MaxDefaultContext;

    /// <summary>Tokens each sequence has room for until one needs more (default: null, which is <see cref="ContextLength"/>).</summary>
    public int? InitialContextLength { get; init; }

    /// <summary>Tokens of one decode call over all sequences (default: 512).</summary>
    public int BatchCapacity { get; init; } = DefaultBatchCapacity;

    /// <summary>Threads that compute (default: 1).</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The most threads to try in search of a better number; 1 or less: <see cref="Threads"/> stands (default: 1).</summary>
    public int MostThreads { get; init; } = 1;

    /// <summary>Whether fewer threads compute while other programs have their processors; see <see cref="ProcessorShare"/> (default: false).</summary>
    public bool YieldsProcessors { get; init; }

    /// <summary>
    /// Whether threads that take all processors get one each (default: false). The thread that decodes is one of them, and bound until it rests.
    /// </summary>
    /// <remarks>
    /// The system wakes a thread beside one that is busy now and then, and needs milliseconds to see that another processor is free. All that
    /// time the two wait for each other.
    /// </remarks>
    public bool BindsThreads { get; init; }

    /// <summary>
    /// Whether attention may be computed block by block, which saves holding a batch's scores over the whole context (default: true).
    /// Processors take longer that way for all but the longest batches; see NATIVE.md.
    /// </summary>
    public bool FlashAttention { get; init; } = true;

    /// <summary>
    /// Whether all sequences share one pool of cells, and each looks through what all of them hold, instead of having cells of its own
    /// (default: false). Measured, not tried when a model is loaded; see NATIVE.md.
    /// </summary>
    public bool UnifiedKeyValueCache { get; init; }

    /// <summary>Whether a greedy sequence that runs alone guesses tokens from its own text (default: true).</summary>
    public bool Speculates { get; init; } = true;

    /// <summary>Chooses for a model on this machine.</summary>
    /// <exception cref="InvalidOperationException"><see cref="ThreadsVariable"/> or <see cref="KeyValueCacheVariable"/> holds nothing usable.</exception>
    public static DecoderOptions ForThisMachine(GgufHeader model)
    {
        DecoderOptions options = For(model, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, Environment.ProcessorCount, LlamaLibrary.Load().HasGpu);
        options = options with
        {
            Speculates = Environment.GetEnvironmentVariable(SpeculationVariable) != "0",
            UnifiedKeyValueCache = Environment.GetEnvironmentVariable(KeyValueCacheVariable) is { Length: > 0 } layout && IsUnified(layout),
        };
        return Environment.GetEnvironmentVariable(ThreadsVariable) is { Length: > 0 } threads
            ? options with { Threads = ParseThreads(threads), MostThreads = 1, YieldsProcessors = false }
            : options;
    }

    /// <summary>
    /// Chooses for a model and a machine. The KV cache of all sequences may take a quarter of the memory: first fewer
    /// sequences, then shorter ones.
    /// </summary>
    public static DecoderOptions For(GgufHeader model, long availableMemoryBytes, int processorCount, bool hasGpu = false)
    {
        int context = model.ContextLength > 0 ? Math.Min(model.ContextLength, MaxDefaultContext) : MaxDefaultContext;
        int sequences = DefaultSequenceCapacity;
        if (model.KeyValueBytesPerToken > 0)
        {
            long tokens = availableMemoryBytes / 4 / model.KeyValueBytesPerToken;
            sequences = (int)Math.Clamp(tokens / context, 1, DefaultSequenceCapacity);
            context = (int)Math.Clamp(tokens / sequences, Math.Min(context, MinContext), context);
        }

        int mostThreads = Math.Clamp(processorCount, 1, 8);
        long scoresOfHead = (long)DefaultBatchCapacity * context * sizeof(float);
        return new DecoderOptions
        {
            SequenceCapacity = sequences,
            ContextLength = context,
            InitialContextLength = !hasGpu && GrowsFreely(model, context) ? InitialContext : null,
            Threads = model.FileBytes < SmallModelBytes ? 1 : mostThreads,
            MostThreads = mostThreads,
            YieldsProcessors = mostThreads > 1 && !hasGpu, // beside a GPU, threads rest by themselves
            BindsThreads = !hasGpu,
            FlashAttention = hasGpu || model.AttentionHeads == 0 || model.AttentionHeads > availableMemoryBytes / ScoresPart / scoresOfHead,
        };
    }

    // The library computes positions of such models differently in contexts that are longer than what they were first trained on.
    private static bool GrowsFreely(GgufHeader model, int context) =>
        model.OriginalContextLength == 0 || context <= model.OriginalContextLength;

    internal static bool IsUnified(string layout) => layout switch
    {
        "unified" => true,
        "split" => false,
        _ => throw new InvalidOperationException($"{KeyValueCacheVariable} is '{layout}'. Set it to split or unified, or remove it."),
    };

    internal static int ParseThreads(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int threads) && threads is >= 1 and <= MaxThreads
            ? threads
            : throw new InvalidOperationException($"{ThreadsVariable} is '{value}'. Set it to a whole number from 1 to {MaxThreads}, or remove it.");
}

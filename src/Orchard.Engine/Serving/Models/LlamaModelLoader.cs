using Microsoft.Extensions.Logging;
using Orchard.Engine.Diagnostics;
using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Gguf;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Inference.SelfTests;
using Orchard.Engine.Native;
using Orchard.Engine.Scheduling;
using Orchard.Engine.Serving.Models;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Management;

namespace Orchard.Engine.Serving.Models;

/// <summary>Loads GGUF models with llama.cpp: the weights, a decoder sized for this machine, and a scheduler.</summary>
/// <param name="overrides">What environment variables say about all decoders.</param>
/// <param name="logger">The log.</param>
/// <param name="selfTests">Results of self-tests; null to test each model at each load.</param>
/// <param name="findGpus">Returns the GPUs with memory of their own that have one of the names, or all; null to ask the library.</param>
internal sealed class LlamaModelLoader(
    DecoderOverrides overrides,
    ILogger logger,
    SelfTestCache? selfTests = null,
    Func<IReadOnlyList<string>, IReadOnlyList<ComputeDevice>>? findGpus = null) : IModelLoader
{
    private const long Megabyte = 1 << 20;
    private const int MaxRepetitions = 4;

    private static readonly TimeSpan RepetitionDelay = TimeSpan.FromMilliseconds(20);

    private readonly Func<IReadOnlyList<string>, IReadOnlyList<ComputeDevice>> _findGpus = findGpus ?? LlamaDevices.Gpus;

    /// <exception cref="ModelFileException">The file cannot be used.</exception>
    public ModelFileFacts Inspect(string path)
    {
        GgufHeader header = GgufHeader.Read(path);
        return new ModelFileFacts(header.Architecture, header.ChatTemplate);
    }

    /// <inheritdoc/>
    /// <remarks>Of the system, and of GPUs that have memory of their own.</remarks>
    public long AvailableBytes => SystemMemory.AvailableBytes + _findGpus([]).Sum(static device => device.FreeBytes);

    /// <remarks>Threads that are about to end may still refer to the model, so it may take a second collection.</remarks>
    public async Task ReturnMemoryAsync(WeakReference model)
    {
        FreedMemory.Return();
        for (int i = 0; i < MaxRepetitions && model.IsAlive; i++)
        {
            await Task.Delay(RepetitionDelay, TimeProvider.System).ConfigureAwait(false);
            FreedMemory.Return();
        }
    }

    /// <exception cref="ModelFileException">The file cannot be used.</exception>
    public ModelNeeds Estimate(string path, ModelSettings settings)
    {
        GgufHeader header = GgufHeader.Read(path);
        var plan = new DecoderPlan(header, settings, Machine.Current());
        int longest = plan.LongestContext;
        int least = settings.ContextLength is null ? Math.Min(longest, DecoderPlan.LeastContext) : longest;
        int enough = Math.Max(least, Math.Min(longest, DecoderPlan.EnoughContext));
        int sequences = plan.Sequences;
        string parts = FormattableString.Invariant($"Of that, the weights take {header.TotalBytes / Megabyte:N0} MiB, ")
            + FormattableString.Invariant($"the compute buffers {plan.ComputeBytes / Megabyte:N0} MiB and ")
            + FormattableString.Invariant(
                $"the memory of {least:N0} tokens {(plan.CacheBytes(least) + plan.StateBytes(1)) / Megabyte:N0} MiB. ");
        return new ModelNeeds(
            plan.FixedBytes + plan.CacheBytes(least) + plan.StateBytes(1),
            plan.FixedBytes + plan.CacheBytes(enough) + plan.StateBytes(1),
            plan.FixedBytes + plan.CacheBytes((long)sequences * longest) + plan.StateBytes(sequences) + plan.CheckpointBytes,
            parts + "Set ContextLength to a smaller number, KeyCacheType and ValueCacheType to q8_0, or use a smaller model.");
    }

    /// <exception cref="ModelFileException">The file cannot be used.</exception>
    /// <exception cref="DecodeException">The KV cache could not be allocated.</exception>
    /// <exception cref="NativeLibraryException">The llama.cpp libraries cannot be used.</exception>
    public async Task<LoadedModelHandle> LoadAsync(
        string path, ModelSettings settings, long memoryBytes, IProgress<float> progress, CancellationToken cancellationToken)
    {
        var file = ModelFile.Examine(path, settings.MapsFile);
        LlamaModel model = await LlamaModel
            .LoadAsync(path, WithGpuLayers(path, settings, memoryBytes), progress, cancellationToken).ConfigureAwait(false);
        try
        {
            var plan = new DecoderPlan(model.Header, settings, Machine.Current());
            DecoderOptions options = overrides.Apply(plan.Within(memoryBytes - plan.FixedBytes));

            // Allocates and clears the KV cache, which takes a while if it is large and has to be written.
            (LlamaDecoder decoder, bool? passed) =
                await Task.Run(() => CreateDecoder(path, file, model, options), cancellationToken).ConfigureAwait(false);
            if (model.AssumedEnd is { } end)
            {
                string consequence = end.IsUsed ? "ends answers" : "is ignored, because it is an ordinary one";
                logger.EndTokenAssumed(path, end.Token, end.Text, consequence);
            }

            long stateBytes = plan.StateBytes(decoder.SequenceCapacity) + (decoder.CanRewind ? 0 : options.CheckpointBytes);
            long reserved = plan.FixedBytes + plan.CacheBytes(decoder.TokenCapacity) + stateBytes;
            logger.DecoderReady(
                decoder.SequenceCapacity, decoder.ContextLength, decoder.Threads.SingleToken, decoder.Threads.Batch, reserved / Megabyte);
            var scheduler = new BatchScheduler(
                decoder,
                model,
                Path.GetFileNameWithoutExtension(path),
                new BatchSchedulerOptions { Speculates = options.Speculates, CheckpointBytes = options.CheckpointBytes });
            var granted = new GrantedSettings(
                settings, decoder.ContextLength, decoder.SequenceCapacity, options.KeyType, options.ValueType, options.ContextLimit);
            bool isOnHost = _findGpus(settings.Devices).Count == 0; // a GPU's own memory is used when the model is loaded
            long fixedResident = settings.MapsFile && isOnHost ? plan.FixedBytes - model.FileBytes : plan.FixedBytes;
            var handle = new LoadedModelHandle
            {
                Tokenizer = model,
                Scheduler = scheduler,
                VocabularySize = model.VocabularySize,
                Adapters = new LlamaAdapters(model),
                Embedder = model.CanEmbed
                    ? new LlamaEmbedder(model, options.Threads, settings.Pooling)
                    : null,
                GeneratesText = GeneratesText(model, decoder),
                IsDeterministic = !options.UnifiedKeyValueCache,
                Settings = granted,
                ReservedBytes = reserved,
                ResidentBytes = () => fixedResident + UsedBytes(plan, options, scheduler.Statistics),
                File = file,
                Description = ModelDescription.Of(model, granted, reserved, passed),
                PrepareGrammars = () => _ = model.Vocabulary,
                Owner = model,
            };
            handle.WarmUp();
            return handle;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    // As many layers as fit, if the client does not say and the GPUs have memory of their own.
    private ModelSettings WithGpuLayers(string path, ModelSettings settings, long memoryBytes)
    {
        IReadOnlyList<ComputeDevice> devices = _findGpus(settings.Devices);
        if (settings.GpuLayers is not null || devices.Count == 0)
        {
            return settings;
        }

        GgufHeader header = GgufHeader.Read(path);
        var plan = new DecoderPlan(header, settings, Machine.Current());
        DecoderOptions options = plan.Within(memoryBytes - plan.FixedBytes);
        long cache = plan.CacheBytes((long)options.SequenceCapacity * options.ContextLength) + plan.StateBytes(options.SequenceCapacity);
        return settings with { GpuLayers = GpuLayers.ThatFit(header, cache, devices) };
    }

    private static long UsedBytes(DecoderPlan plan, DecoderOptions options, SchedulerStatistics statistics)
    {
        int states = options.ReservesMemory ? Math.Max(statistics.HeldSlots, 1) : options.SequenceCapacity;
        return plan.CacheBytes(statistics.KvTokens) + plan.StateBytes(states) + statistics.CheckpointBytes;
    }

    private static bool GeneratesText(LlamaModel model, LlamaDecoder decoder) =>
        decoder.HasMemory
        && model.Header.IsCausal
        && model.Header.Pooling is not Pooling.Rank
        && ArchitectureLimits.CanGenerate(model.Architecture);

    /// <summary>Finds out whether the decoder may decode sequences together.</summary>
    private bool TestBatches(string path, LlamaDecoder decoder, DecoderOptions options)
    {
        string configuration = FormattableString.Invariant(
            $"{LlamaLibrary.Load().Version}|{options.KeyType}|{options.ValueType}|{options.UnifiedKeyValueCache}|{options.FlashAttention}");
        string? key = selfTests is null ? null : SelfTestCache.KeyOf(path, configuration);
        bool? known = key is null ? null : selfTests!.Find(key);
        long start = TimeProvider.System.GetTimestamp();
        bool passed = known ?? new BatchSelfTest(decoder, TimeProvider.System).Run();
        if (known is null)
        {
            logger.SelfTested(passed ? "passed" : "failed", TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
            if (key is not null)
            {
                selfTests!.Store(key, passed);
            }
        }

        if (!passed)
        {
            logger.DecodesApart(Path.GetFileName(path));
            decoder.DecodesApart = true;
        }

        return passed;
    }

    private (LlamaDecoder Decoder, bool? PassedSelfTest) CreateDecoder(
        string path, ModelFile file, LlamaModel model, DecoderOptions options)
    {
        var decoder = new LlamaDecoder(model, options);
        try
        {
            ThreadTuner.Tune(decoder, options.MaxThreads, TimeProvider.System);
            if (file.HasChanged)
            {
                throw new ModelFileException(path, $"The model file changed while it was being loaded. {file.Difference} Load it again.");
            }

            bool? passed = GeneratesText(model, decoder) ? TestBatches(path, decoder, options) : null;
            decoder.Clear(); // threads and batches were tried out with several sequences, which nobody may use for long
            return (decoder, passed);
        }
        catch
        {
            decoder.Dispose();
            throw;
        }
    }
}

using Microsoft.Extensions.Logging;
using Orchard.Engine.Diagnostics;
using Orchard.Engine.Files;
using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Devices;
using Orchard.Engine.Inference.Gguf;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Inference.Media;
using Orchard.Engine.Inference.Trials;
using Orchard.Engine.Native;
using Orchard.Engine.Native.Backends;
using Orchard.Engine.Prefixes;
using Orchard.Engine.Scheduling;
using Orchard.Engine.Scheduling.Speculation;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Management;

namespace Orchard.Engine.Serving.Models;

/// <summary>Loads GGUF models with llama.cpp: the weights, a decoder sized for this machine, and a scheduler.</summary>
/// <param name="overrides">What environment variables say about all decoders.</param>
/// <param name="logger">The log.</param>
/// <param name="trials">Results of trials of models; null to try each model at each load.</param>
/// <param name="findGpus">Returns the GPUs that have one of the names, or all; null to ask the library.</param>
/// <param name="deviceLoads">Counts loads onto GPUs that have ended the engine; null for none.</param>
/// <param name="prefixes">Where prompts and answers are kept on disk; null to keep none.</param>
internal sealed class LlamaModelLoader(
    DecoderOverrides overrides,
    ILogger logger,
    ResultFolder? trials = null,
    Func<IReadOnlyList<string>, IReadOnlyList<ComputeDevice>>? findGpus = null,
    DeviceLoads? deviceLoads = null,
    PrefixFolder? prefixes = null) : IModelLoader
{
    private const long Megabyte = 1 << 20;
    private const int MaxRepetitions = 4;

    private static readonly TimeSpan RepetitionDelay = TimeSpan.FromMilliseconds(20);

    private readonly DecoderFactory _decoders = new(new ModelTrials(trials, TimeProvider.System, logger), logger);
    private readonly DevicePlacement _placement = new(findGpus ?? LlamaDevices.Gpus, deviceLoads, logger);

    /// <exception cref="ModelFileException">The file cannot be used.</exception>
    public ModelFileFacts Inspect(string path)
    {
        GgufHeader header = GgufHeader.Read(path);
        return new ModelFileFacts(header.Architecture, header.ChatTemplate);
    }

    /// <inheritdoc/>
    /// <remarks>Of the system, and of GPUs that have memory of their own.</remarks>
    public long AvailableBytes => SystemMemory.AvailableBytes + _placement.FreeBytes;

    /// <inheritdoc/>
    public IReadOnlyList<BackendStatus> Backends => LlamaLibrary.Current?.Backends ?? [];

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
    public ModelNeeds Estimate(string path, ModelSettings settings) => MemoryEstimate.Of(path, settings);

    /// <exception cref="ModelFileException">The file cannot be used.</exception>
    /// <exception cref="DecodeException">The KV cache could not be allocated.</exception>
    /// <exception cref="NativeLibraryException">The llama.cpp libraries cannot be used.</exception>
    /// <exception cref="InsufficientMemoryException">The GPUs have too little memory for the layers that the client requires.</exception>
    /// <exception cref="DraftModelException">The draft model cannot be used, or does not fit the model.</exception>
    public Task<LoadedModelHandle> LoadAsync(
        string path, ModelSettings settings, long memoryBytes, IProgress<float> progress, CancellationToken cancellationToken) =>
        _placement.LoadAsync(
            path, settings, memoryBytes, devices => LoadAsync(path, settings, devices, memoryBytes, progress, cancellationToken));

    private async Task<LoadedModelHandle> LoadAsync(
        string path,
        ModelSettings settings,
        DevicePlan? devices,
        long memoryBytes,
        IProgress<float> progress,
        CancellationToken cancellationToken)
    {
        var phases = new LoadPhases(TimeProvider.System);
        var file = ModelFile.Examine(path, settings.MapsFile);
        LlamaModel model = await LlamaModel.LoadAsync(path, settings, progress, cancellationToken, devices).ConfigureAwait(false);
        phases.End("weights");
        MediaProjector? projector = null;
        LlamaModel? drafter = null;
        LlamaDecoder? draftDecoder = null;
        try
        {
            var draft = DraftPlan.Of(model.Header, settings);
            ModelFile? draftFile = draft is null ? null : ModelFile.Examine(draft.Path, settings.MapsFile);
            bool usesDevices = devices is { IsOnHost: false };
            var plan = new DecoderPlan(model.Header, settings, Machine.Current(devices is null ? null : usesDevices));
            var projection = ProjectorPlan.Of(model.Header, settings);
            long cacheBytes = BytesOfCache(memoryBytes - plan.FixedBytes - projection.Bytes, plan, draft);
            DecoderOptions options = overrides.Apply(usesDevices ? plan.On(devices!) : plan.Within(cacheBytes));
            (projector, projection) = await Task.Run(
                () => projection.Load(model, settings, options.BatchCapacity, usesDevices), cancellationToken).ConfigureAwait(false);
            if (projector is not null)
            {
                phases.End("projector");
            }

            options = options with { KeepsBatchTogether = projector is { HasNonCausalImages: true } };
            if (draft is not null)
            {
                LlamaModel loaded = drafter = await draft.LoadAsync(model, devices, cancellationToken).ConfigureAwait(false);
                draftDecoder = await Task.Run(() => draft.CreateDecoder(loaded, options), cancellationToken).ConfigureAwait(false);
                phases.End("draft model");
            }

            PrefixFolder? folder = settings.KeepsPrefixes ? prefixes : null;
            Task<PrefixStore?> stored = Task.Run(() => PrefixStores.TryOpen(folder, model, options), CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
            TestedDecoder tested = await _decoders.CreateAsync(file, model, options, phases).ConfigureAwait(false);
            LlamaDecoder decoder = tested.Decoder;
            decoder.IsProcessorTaken = projector is { } encoder ? () => encoder.IsEncoding : null;
            if (model.AssumedEnd is { } end)
            {
                string consequence = end.IsUsed ? "ends answers" : "is ignored, because it is an ordinary one";
                logger.EndTokenAssumed(path, end.Token, end.Text, consequence);
            }

            long stateBytes = plan.StateBytes(decoder.SequenceCapacity) + (decoder.CanRewind ? 0 : options.CheckpointBytes);
            long fixedBytes = plan.FixedBytes + projection.Bytes + (draft?.BytesFor(0) ?? 0);
            long tokenBytes = plan.CacheBytes(decoder.TokenCapacity) + (draft?.CacheBytes(decoder.TokenCapacity) ?? 0);
            long reserved = fixedBytes + tokenBytes + stateBytes;
            logger.DecoderReady(
                decoder.SequenceCapacity, decoder.ContextLength, decoder.Threads.SingleToken, decoder.Threads.Batch, reserved / Megabyte);
            PrefixStore? store = await stored.ConfigureAwait(false);
            store = file.HasChanged ? null : store; // which would be that of the new file
            logger.LoadPhases(path, phases.ToString());
            var scheduler = new BatchScheduler(
                decoder,
                model,
                Path.GetFileNameWithoutExtension(path),
                new BatchSchedulerOptions
                {
                    Speculates = options.Speculates,
                    CheckpointBytes = options.CheckpointBytes,
                    MaxShortPrefixes = plan.ShortPrefixes(decoder.SequenceCapacity),
                    Prefixes = tested.GeneratesText ? store : null,
                    DraftModel = draft is null ? null : new DraftModelOptions(draftDecoder!, drafter!, draft.RelativeSize),
                });
            draftDecoder = null; // the scheduler's
            var granted = new GrantedSettings(
                settings with { Projector = projector?.Path ?? ModelSettings.NoProjector },
                decoder.ContextLength,
                decoder.SequenceCapacity,
                options.KeyType,
                options.ValueType,
                options.ContextLimit);
            long fixedResident = settings.MapsFile ? fixedBytes - model.FileBytes - (drafter?.FileBytes ?? 0) : fixedBytes;
            var handle = new LoadedModelHandle
            {
                Tokenizer = model,
                Scheduler = scheduler,
                VocabularySize = model.VocabularySize,
                Adapters = new LlamaAdapters(model),
                Embedder = model.CanEmbed
                    ? new LlamaEmbedder(model, options.Threads, settings.Pooling)
                    : null,
                Projector = projector,
                GeneratesText = tested.GeneratesText,
                IsDeterministic = !options.UnifiedKeyValueCache,
                Settings = granted,
                ReservedBytes = reserved,
                ResidentBytes = usesDevices // whose memory is used when the model is loaded
                    ? () => reserved
                    : () => fixedResident + UsedBytes(plan, options, scheduler.Statistics, draft),
                File = file,
                DraftFile = draftFile,
                Draft = drafter,
                Description = ModelDescription.Of(model, granted, reserved, tested.PassedSelfTest, devices, projection, projector),
                PrepareGrammars = () => _ = model.Vocabulary,
                Owner = model,
            };
            handle.WarmUp();
            return handle;
        }
        catch
        {
            if (projector is not null)
            {
                await projector.DisposeAsync().ConfigureAwait(false);
            }

            draftDecoder?.Dispose();
            drafter?.Dispose();
            model.Dispose();
            throw;
        }
    }

    // A token takes room in the KV caches of both models.
    private static long BytesOfCache(long free, DecoderPlan plan, DraftPlan? draft)
    {
        if (draft is null)
        {
            return free;
        }

        free -= draft.BytesFor(0);
        long own = plan.CacheBytes(1);
        return own == 0 ? free : (long)(free * ((double)own / (own + draft.CacheBytes(1))));
    }

    private static long UsedBytes(DecoderPlan plan, DecoderOptions options, SchedulerStatistics statistics, DraftPlan? draft)
    {
        int states = options.ReservesMemory ? Math.Max(statistics.HeldSlots, 1) : options.SequenceCapacity;
        long drafts = draft?.CacheBytes(statistics.KvTokens) ?? 0;
        return plan.CacheBytes(statistics.KvTokens) + drafts + plan.StateBytes(states) + statistics.CheckpointBytes;
    }
}

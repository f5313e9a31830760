using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Media;
using Orchard.Engine.Output;
using Orchard.Engine.Scheduling;
using Orchard.Protocol.Messages.Management;

namespace Orchard.Engine.Serving.Models;

/// <summary>A loaded model and its scheduler.</summary>
internal sealed class LoadedModelHandle : IAsyncDisposable
{
    private readonly Lazy<int[]> _endTokens;
    private int _uses;
    private Task _warmUp = Task.CompletedTask;

    public LoadedModelHandle() =>
        _endTokens = new Lazy<int[]>(() => Tokenizer!.GetEndTokens(VocabularySize));

    /// <summary>The end-of-generation tokens. Determined on first use.</summary>
    public IReadOnlyList<int> EndTokens => _endTokens.Value;

    /// <summary>Compiled output rules of recent prompts.</summary>
    public OutputRulesCache OutputRules { get; } = new();

    public required ITokenizer Tokenizer { get; init; }

    public required BatchScheduler Scheduler { get; init; }

    /// <summary>Number of token ids.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Loads LoRA adapters; null if they are not supported.</summary>
    public IAdapterLoader? Adapters { get; init; }

    /// <summary>Creates embeddings and ranks; null if they are not supported.</summary>
    public ITextEmbedder? Embedder { get; init; }

    /// <summary>Encodes images and sound; null if the model has no projector.</summary>
    public IMediaProjector? Projector { get; init; }

    /// <summary>Whether the model generates text. Otherwise it is an embedding model or a reranker.</summary>
    public bool GeneratesText { get; init; } = true;

    /// <summary>
    /// Builds what the first grammar needs, so that the decoding thread does not have to; returns at once if it is built. Thread-safe.
    /// </summary>
    public Action PrepareGrammars { get; init; } = static () => { };

    /// <summary>Whether a sequence that is decoded alone gives the same tokens regardless of others in the KV cache.</summary>
    public bool IsDeterministic { get; init; } = true;

    /// <summary>How the model was loaded.</summary>
    public GrantedSettings Settings { get; init; } = GrantedSettings.Unknown;

    /// <summary>Memory that the model takes at most: weights, KV cache and buffers, in bytes.</summary>
    public long ReservedBytes { get; init; }

    /// <summary>Returns how much of <see cref="ReservedBytes"/> the system counts as used.</summary>
    public Func<long> ResidentBytes { get; init; } = static () => 0;

    /// <summary>The file that the model was loaded from; null if it is not known.</summary>
    public ModelFile? File { get; init; }

    /// <summary>The file of the draft model; null if there is none.</summary>
    public ModelFile? DraftFile { get; init; }

    /// <summary>The file that has changed since the model was loaded; null if none has.</summary>
    public ModelFile? ChangedFile => File is { HasChanged: true } ? File : DraftFile is { HasChanged: true } ? DraftFile : null;

    /// <summary>The file whose change has damaged the model; null if there is none.</summary>
    public ModelFile? DamagedFile => File is { IsDamaged: true } ? File : DraftFile is { IsDamaged: true } ? DraftFile : null;

    /// <summary>The description for clients.</summary>
    public required LoadedModel Description { get; init; }

    /// <summary>Owner of the resources of tokenizer and decoder, disposed after them.</summary>
    public IDisposable? Owner { get; init; }

    /// <summary>The draft model, disposed after the scheduler; null if there is none.</summary>
    public IDisposable? Draft { get; init; }

    /// <summary>Whether any work uses the model: generation, embeddings, tokenization, or the preparation of one of them.</summary>
    public bool IsInUse => Volatile.Read(ref _uses) > 0;

    /// <summary>Counts a use that begins.</summary>
    public void BeginUse() => Interlocked.Increment(ref _uses);

    /// <summary>Counts a use that ends.</summary>
    public void EndUse() => Interlocked.Decrement(ref _uses);

    /// <summary>Starts <see cref="PrepareGrammars"/> in the background.</summary>
    public void WarmUp() => _warmUp = Task.Run(PrepareGrammars);

    /// <summary>Cancels all sequences, then frees the model.</summary>
    public async ValueTask DisposeAsync()
    {
        await _warmUp.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Scheduler.DisposeAsync().ConfigureAwait(false);
        if (Embedder is { } embedder)
        {
            await embedder.DisposeAsync().ConfigureAwait(false);
        }

        if (Projector is { } projector)
        {
            await projector.DisposeAsync().ConfigureAwait(false);
        }

        Draft?.Dispose();
        Owner?.Dispose();
    }
}

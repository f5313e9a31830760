using Orchard.Engine.Inference;
using Orchard.Engine.Output;
using Orchard.Engine.Scheduling;
using Orchard.Protocol.Messages.Management;

namespace Orchard.Engine.Serving.Models;

/// <summary>A loaded model and its scheduler.</summary>
internal sealed class LoadedModelHandle : IAsyncDisposable
{
    private readonly Lazy<int[]> _endTokens;

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

    /// <summary>Whether the model generates text. Otherwise it is an embedding model or a reranker.</summary>
    public bool GeneratesText { get; init; } = true;

    /// <summary>The file that the model was loaded from; null if it is not known.</summary>
    public ModelFile? File { get; init; }

    /// <summary>The description for clients.</summary>
    public required LoadedModel Description { get; init; }

    /// <summary>Owner of the resources of tokenizer and decoder, disposed after them.</summary>
    public IDisposable? Owner { get; init; }

    /// <summary>Cancels all sequences, then frees the model.</summary>
    public async ValueTask DisposeAsync()
    {
        await Scheduler.DisposeAsync().ConfigureAwait(false);
        if (Embedder is { } embedder)
        {
            await embedder.DisposeAsync().ConfigureAwait(false);
        }

        Owner?.Dispose();
    }
}

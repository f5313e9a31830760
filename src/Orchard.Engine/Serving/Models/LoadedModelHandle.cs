using Orchard.Engine.Inference;
using Orchard.Engine.Output;
using Orchard.Engine.Scheduling;
using Orchard.Protocol.Messages;

namespace Orchard.Engine.Serving.Models;

/// <summary>A loaded model with the scheduler that runs it.</summary>
internal sealed class LoadedModelHandle : IAsyncDisposable
{
    private readonly Lazy<int[]> _endTokens;

    public LoadedModelHandle() =>
        _endTokens = new Lazy<int[]>(() => Tokenizer!.GetEndTokens(VocabularySize));

    /// <summary>The tokens that end a turn or a text. Looked for when first asked.</summary>
    public IReadOnlyList<int> EndTokens => _endTokens.Value;

    /// <summary>The rules of the outputs that were asked of this model.</summary>
    public OutputRulesCache OutputRules { get; } = new();

    public required ITokenizer Tokenizer { get; init; }

    public required BatchScheduler Scheduler { get; init; }

    /// <summary>Token ids are 0 to this minus one.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Loads LoRA adapters; null when the engine has nothing that could.</summary>
    public IAdapterLoader? Adapters { get; init; }

    /// <summary>Gives embeddings and ranks; null when the engine has nothing that could.</summary>
    public ITextEmbedder? Embedder { get; init; }

    /// <summary>Whether the model continues texts. One that does not is there for its embeddings or ranks.</summary>
    public bool GeneratesText { get; init; } = true;

    /// <summary>What clients are told about the model.</summary>
    public required LoadedModel Description { get; init; }

    /// <summary>What the tokenizer and the scheduler's decoder live on; disposed after them.</summary>
    public IDisposable? Owner { get; init; }

    /// <summary>Ends every sequence as cancelled, then frees the model.</summary>
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

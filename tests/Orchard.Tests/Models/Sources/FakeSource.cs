using System.Runtime.CompilerServices;
using Orchard.Models.Sources;

namespace Orchard.Tests.Models.Sources;

/// <summary>A source whose models answer with what they were asked for.</summary>
internal sealed class FakeSource : ModelSource, IModelSource, IModelProvider
{
    private FakeSource? _copy;

    /// <summary>The calls that the provider has had.</summary>
    public List<string> Calls => _copy is null ? field ??= [] : _copy.Calls;

    /// <summary>Whether it was disposed.</summary>
    public bool IsDisposed => _copy?.IsDisposed ?? _isDisposed;

    private bool _isDisposed;

    internal override ModelSource Copy() => _copy = new FakeSource { Name = Name };

    public IModelProvider Open(SourceContext context) => this;

    public async IAsyncEnumerable<ChatDelta> ChatAsync(
        string model, SourceRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Calls.Add($"chat {model}");
        await Task.Yield();
        for (int i = 0; i < request.Prompts.Count; i++)
        {
            yield return new ChatDelta
            {
                Text = $"{model}: {request.Prompts[i].Messages[0].Text}",
                PromptIndex = i,
                FinishReason = FinishReason.Stop,
                Usage = default(Usage),
                Origin = new AnswerOrigin { Source = Name, Model = model },
            };
        }
    }

    public Task<TextEmbedding[]> EmbedAsync(
        string model, IReadOnlyList<string> texts, EmbeddingOptions options, CancellationToken cancellationToken) =>
        Task.FromResult(texts.Select(static _ => new TextEmbedding { Vector = new float[] { 1 } }).ToArray());

    public Task<RankedDocument[]> RerankAsync(
        string model, string query, IReadOnlyList<string> documents, CancellationToken cancellationToken) =>
        Task.FromResult(documents.Select(static (_, index) => new RankedDocument { Index = index, Score = index }).ToArray());

    public Task<int[]> TokenizeAsync(string model, string text, bool specialTokens, CancellationToken cancellationToken) =>
        Task.FromResult(new[] { text.Length });

    public Task<string> DetokenizeAsync(
        string model, IReadOnlyList<int> tokens, bool specialTokens, CancellationToken cancellationToken) => Task.FromResult($"{tokens.Count}");

    public Task<int> CountTokensAsync(string model, ChatPrompt prompt, CancellationToken cancellationToken) =>
        Task.FromResult(prompt.Messages.Count);

    public Task<ModelInfo> EnsureLoadedAsync(string model, CancellationToken cancellationToken)
    {
        Calls.Add($"load {model}");
        return Task.FromResult(new ModelInfo { Id = $"{Name}/{model}", Path = "" });
    }

    public ModelStatus GetStatus(string model) => new() { Id = $"{Name}/{model}", Path = "", State = ModelState.Ready };

    public IReadOnlyList<ModelStatus> List() => [GetStatus("listed")];

    public ValueTask DisposeAsync()
    {
        _isDisposed = true;
        return ValueTask.CompletedTask;
    }
}

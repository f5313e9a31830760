using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Orchard.Models.Sources;

namespace Orchard.Tests.Routing;

/// <summary>One model of a route, which does what a test says. Thread-safe.</summary>
/// <param name="id">What it calls its model.</param>
internal sealed class ScriptedSide(string id) : IModelProvider
{
    private volatile bool _isReady;

    /// <summary>The calls so far.</summary>
    public ConcurrentQueue<string> Calls { get; } = [];

    /// <summary>Number of loads so far.</summary>
    public int Loads => Calls.Count(static call => call == "load");

    /// <summary>Number of chats so far.</summary>
    public int Chats => Calls.Count(static call => call.StartsWith("chat", StringComparison.Ordinal));

    /// <summary>Number of sequences that it computes at once.</summary>
    public int? Capacity { get; init; }

    /// <summary>Whether the model is loaded.</summary>
    public bool IsReady
    {
        get => _isReady;
        set => _isReady = value;
    }

    /// <summary>What a load waits for, and how it ends.</summary>
    public Func<CancellationToken, Task> Load { get; set; } = static _ => Task.CompletedTask;

    /// <summary>What happens before the first part of an answer.</summary>
    public Func<string, Task> BeforeFirst { get; set; } = static _ => Task.CompletedTask;

    /// <summary>What happens between the first part of an answer and its last.</summary>
    public Func<string, Task> BeforeLast { get; set; } = static _ => Task.CompletedTask;

    private ModelInfo Info => new() { Id = id, Path = "", ParallelSequences = Capacity };

    public async IAsyncEnumerable<ChatDelta> ChatAsync(
        string model, SourceRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ChatPrompt prompt = Assert.Single(request.Prompts);
        string question = prompt.Messages[^1].Text;
        Calls.Enqueue($"chat {question}");
        await EnsureLoadedAsync(model, cancellationToken);
        await BeforeFirst(question).WaitAsync(cancellationToken);
        yield return new ChatDelta { Text = $"{id}:" };
        await BeforeLast(question).WaitAsync(cancellationToken);
        yield return new ChatDelta { Text = question, FinishReason = FinishReason.Stop, Usage = new Usage { CompletionTokens = 10 } };
    }

    public async Task<TextEmbedding[]> EmbedAsync(
        string model, IReadOnlyList<string> texts, EmbeddingOptions options, CancellationToken cancellationToken)
    {
        Calls.Enqueue("embed");
        await BeforeFirst("embed").WaitAsync(cancellationToken);
        return [.. texts.Select(static _ => new TextEmbedding { Vector = new float[] { 1 } })];
    }

    public Task<RankedDocument[]> RerankAsync(
        string model, string query, IReadOnlyList<string> documents, CancellationToken cancellationToken) => throw new NotSupportedException(id);

    public Task<int[]> TokenizeAsync(string model, string text, bool specialTokens, CancellationToken cancellationToken) =>
        throw new NotSupportedException(id);

    public Task<string> DetokenizeAsync(
        string model, IReadOnlyList<int> tokens, bool specialTokens, CancellationToken cancellationToken) => throw new NotSupportedException(id);

    public Task<int> CountTokensAsync(string model, ChatPrompt prompt, CancellationToken cancellationToken) =>
        Task.FromResult(id.Length);

    public async Task<ModelInfo> EnsureLoadedAsync(string model, CancellationToken cancellationToken)
    {
        if (!IsReady)
        {
            Calls.Enqueue("load");
            await Load(cancellationToken).WaitAsync(cancellationToken);
            IsReady = true;
        }

        return Info;
    }

    public ModelStatus GetStatus(string model) => IsReady
        ? new ModelStatus { Id = id, Path = "", State = ModelState.Ready, Info = Info }
        : new ModelStatus { Id = id, Path = "", State = ModelState.Idle };

    public IReadOnlyList<ModelStatus> List() => [];

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

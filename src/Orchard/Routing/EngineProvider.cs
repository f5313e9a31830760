using System.Text;
using Orchard.Calls;
using Orchard.Calls.Chat;
using Orchard.Calls.Embeddings;
using Orchard.Calls.Tokens;
using Orchard.Models;
using Orchard.Models.Sources;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Routing;

/// <summary>Serves the models of the engine on this machine to one client. Owns nothing. Thread-safe.</summary>
/// <param name="models">Loads the models.</param>
/// <param name="attempts">Repeats what had no result.</param>
internal sealed class EngineProvider(ModelRegistry models, ModelAttempts attempts) : IModelProvider
{
    /// <inheritdoc/>
    public IAsyncEnumerable<ChatDelta> ChatAsync(string model, SourceRequest request, CancellationToken cancellationToken) =>
        new ModelCall<ChatDelta>(new ChatRequest(model, request.Prompts, request.KeepsFailures), attempts).StreamAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<TextEmbedding[]> EmbedAsync(
        string model, IReadOnlyList<string> texts, EmbeddingOptions options, CancellationToken cancellationToken) =>
        EmbedAsync(model, texts, options, query: null, cancellationToken);

    /// <inheritdoc/>
    public async Task<RankedDocument[]> RerankAsync(
        string model, string query, IReadOnlyList<string> documents, CancellationToken cancellationToken)
    {
        TextEmbedding[] scores =
            await EmbedAsync(model, documents, EmbeddingOptions.Default, query, cancellationToken).ConfigureAwait(false);
        return [.. scores.Select(static (score, index) => new RankedDocument { Index = index, Score = score.Vector.Span[0] })];
    }

    /// <inheritdoc/>
    public Task<int[]> TokenizeAsync(string model, string text, bool specialTokens, CancellationToken cancellationToken) =>
        TokenizeAsync(model, _ => (text, specialTokens, []), cancellationToken);

    /// <inheritdoc/>
    public Task<string> DetokenizeAsync(
        string model, IReadOnlyList<int> tokens, bool specialTokens, CancellationToken cancellationToken) =>
        new TokenCommand(attempts).RunAsync(
            model,
            ready => new ManagementCommand
            {
                Type = ManagementCommand.Detokenize,
                CanonicalId = ready.Info.Id,
                Tokens = [.. tokens],
                Special = specialTokens,
            },
            static data => data.Detokenize,
            cancellationToken);

    /// <inheritdoc/>
    public async Task<int> CountTokensAsync(string model, ChatPrompt prompt, CancellationToken cancellationToken)
    {
        if (prompt.Messages.Any(static message => message.HasMedia))
        {
            return await CountComputedTokensAsync(model, prompt, cancellationToken).ConfigureAwait(false);
        }

        var request = new ChatRequest(model, [prompt]);
        int[] tokens = await TokenizeAsync(
            model,
            ready =>
            {
                WirePrompt rendered = request.Render(ready, cancellationToken).Frame.Prompts[0];
                int[] plain = [.. rendered.Extensions.Plain.SelectMany(static span => new[] { span.Start, span.Length })];
                return (Encoding.UTF8.GetString(rendered.Text.Span), true, plain);
            },
            cancellationToken).ConfigureAwait(false);
        return tokens.Length;
    }

    /// <inheritdoc/>
    public Task<ModelInfo> EnsureLoadedAsync(string model, CancellationToken cancellationToken) =>
        models.LoadOnEngineAsync(model, cancellationToken);

    /// <inheritdoc/>
    public ModelStatus GetStatus(string model) => models.GetStatusOnEngine(model);

    /// <inheritdoc/>
    public IReadOnlyList<ModelStatus> List() => [];

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // How many tokens an image has, the projector decides. What is computed here, the call that follows finds in the prefix cache.
    private async Task<int> CountComputedTokensAsync(string model, ChatPrompt prompt, CancellationToken cancellationToken)
    {
        GenerationOptions options = prompt.Options ?? GenerationOptions.Default;
        GenerationOptions shortest = options with
        {
            MaxOutputTokens = 1,
            CandidateCount = 1,
            BestOf = null,
            ResponseFormat = ResponseFormat.Text,
            ToolChoice = options.ToolChoice.Kind == ToolChoiceKind.None ? ToolChoice.None : ToolChoice.Auto,
        };
        var call = new ModelCall<ChatDelta>(new ChatRequest(model, [new ChatPrompt(prompt.Messages, shortest)]), attempts);
        int tokens = 0;
        await foreach (ChatDelta delta in call.StreamAsync(cancellationToken).ConfigureAwait(false))
        {
            tokens = delta.Usage?.PromptTokens ?? tokens;
        }

        return tokens;
    }

    private async Task<TextEmbedding[]> EmbedAsync(
        string model, IReadOnlyList<string> texts, EmbeddingOptions options, string? query, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        string[] all = [.. texts];
        var results = new List<TextEmbedding>(all.Length);
        for (int start = 0; start < all.Length; start += EmbeddingRequest.MaxTexts)
        {
            var part = new ArraySegment<string>(all, start, Math.Min(EmbeddingRequest.MaxTexts, all.Length - start));
            var request = new EmbeddingRequest(model, part, options, query);
            results.AddRange(await request.RunAsync(attempts, cancellationToken).ConfigureAwait(false));
        }

        return [.. results];
    }

    private Task<int[]> TokenizeAsync(
        string model, Func<ReadyModel, (string Text, bool Special, int[] Plain)> create, CancellationToken cancellationToken) =>
        new TokenCommand(attempts).RunAsync(
            model,
            ready =>
            {
                (string text, bool special, int[] plain) = create(ready);
                return new ManagementCommand
                {
                    Type = ManagementCommand.Tokenize,
                    CanonicalId = ready.Info.Id,
                    Texts = [text],
                    Special = special,
                    PlainText = plain.Length == 0 ? null : plain,
                };
            },
            static data => data.Tokenize is [{ } tokens] ? tokens : null,
            cancellationToken);
}

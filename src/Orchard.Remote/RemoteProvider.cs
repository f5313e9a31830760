using System.Runtime.CompilerServices;
using Orchard.Models.Sources;
using Orchard.Remote.Chat;
using Orchard.Remote.Configuration;
using Orchard.Remote.Models;
using Orchard.Remote.Texts;
using Orchard.Remote.Transport;

namespace Orchard.Remote;

/// <summary>The models of an endpoint, for one client. Thread-safe.</summary>
internal sealed class RemoteProvider : IModelProvider
{
    private readonly CancellationTokenSource _closing = new();
    private readonly ServerPool _pool;
    private readonly RemoteModels _models;
    private readonly ChatCaller _chat;
    private readonly EmbeddingCaller _embeddings;
    private readonly RerankCaller _ranking;
    private readonly TokenCaller _tokens;

    /// <param name="settings">The endpoint.</param>
    /// <param name="context">What is shared with the client.</param>
    public RemoteProvider(EndpointSettings settings, SourceContext context)
    {
        _pool = new ServerPool(settings, context.Time);
        var sender = new RequestSender(settings, context, _pool, _closing.Token);
        _models = new RemoteModels(new ModelInquiry(settings, context, sender, _pool.Address));
        _chat = new ChatCaller(settings, sender, _pool);
        _embeddings = new EmbeddingCaller(settings, sender);
        _ranking = new RerankCaller(settings, sender);
        _tokens = new TokenCaller(settings, sender);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatDelta> ChatAsync(
        string model, SourceRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, typeof(Client));
        using ModelUse use = await _models.UseAsync(model, cancellationToken).ConfigureAwait(false);
        IAsyncEnumerator<ChatDelta> deltas =
            _chat.StreamAsync(use.Model, request, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using var ending = deltas.ConfigureAwait(false);
        while (true)
        {
            try
            {
                if (!await deltas.MoveNextAsync().ConfigureAwait(false))
                {
                    yield break;
                }
            }
            catch (OrchardException e)
            {
                use.Note(e);
                throw;
            }

            yield return deltas.Current;
        }
    }

    /// <inheritdoc/>
    public Task<TextEmbedding[]> EmbedAsync(
        string model, IReadOnlyList<string> texts, EmbeddingOptions options, CancellationToken cancellationToken) =>
        UseAsync(model, found => _embeddings.EmbedAsync(found, texts, options, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<RankedDocument[]> RerankAsync(
        string model, string query, IReadOnlyList<string> documents, CancellationToken cancellationToken) =>
        UseAsync(model, found => _ranking.RankAsync(found, query, documents, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<int[]> TokenizeAsync(string model, string text, bool specialTokens, CancellationToken cancellationToken) =>
        UseAsync(model, found => _tokens.TokenizeAsync(found, text, specialTokens, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<string> DetokenizeAsync(
        string model, IReadOnlyList<int> tokens, bool specialTokens, CancellationToken cancellationToken) =>
        UseAsync(model, found => _tokens.DetokenizeAsync(found, tokens, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<int> CountTokensAsync(string model, ChatPrompt prompt, CancellationToken cancellationToken) =>
        UseAsync(model, found => _tokens.CountAsync(found, prompt, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<ModelInfo> EnsureLoadedAsync(string model, CancellationToken cancellationToken) =>
        UseAsync(model, static found => Task.FromResult(found.Info), cancellationToken);

    /// <inheritdoc/>
    public ModelStatus GetStatus(string model) => _models.GetStatus(model);

    /// <inheritdoc/>
    public IReadOnlyList<ModelStatus> List() => _models.List();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _models.EndedAsync().ConfigureAwait(false);
        _pool.Dispose();
    }

    private async Task<T> UseAsync<T>(string model, Func<RemoteModel, Task<T>> call, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, typeof(Client));
        using ModelUse use = await _models.UseAsync(model, cancellationToken).ConfigureAwait(false);
        try
        {
            return await call(use.Model).ConfigureAwait(false);
        }
        catch (OrchardException e)
        {
            use.Note(e);
            throw;
        }
    }
}

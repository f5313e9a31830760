using Orchard.Connection;
using Orchard.Models.Sources;

namespace Orchard.Routing;

/// <summary>Serves the model of a route to one client: by the engine on this machine, or by a source. Thread-safe.</summary>
internal sealed class RouteProvider : IModelProvider
{
    private readonly CancellationTokenSource _closing = new();
    private readonly RouteSide _local;
    private readonly RouteSide _remote;
    private readonly bool _isRemoteFirst;
    private readonly LocalQueue _queue;
    private readonly LocalLoad _load;
    private readonly RouteRunner _runner;
    private readonly RouteChat _chat;
    private readonly RouteBatch _batch;
    private readonly TimeProvider _time;

    /// <param name="name">Name of the route.</param>
    /// <param name="route">Its settings, which do not change any more.</param>
    /// <param name="local">The local model.</param>
    /// <param name="remote">The remote model.</param>
    /// <param name="heartbeats">Returns the heartbeats of the engine; null while there is none.</param>
    /// <param name="context">What is shared with the client.</param>
    public RouteProvider(
        string name, ModelRoute route, RouteSide local, RouteSide remote, Func<Heartbeats?> heartbeats, SourceContext context)
    {
        (_local, _remote, _time) = (local, remote, context.Time);
        _isRemoteFirst = route.When == RouteCondition.Always;
        _queue = new LocalQueue(heartbeats);
        _load = new LocalLoad(local, _time, _closing.Token);
        var conversations = new Conversations();
        var planner = new RoutePlanner(name, route, (local, remote), _queue, _load, conversations, _time);
        _runner = new RouteRunner(name, planner, context.Replays, _time);
        _chat = new RouteChat(name, _runner, _queue, _load, conversations, _time);
        _batch = new RouteBatch(_chat, _load);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ChatDelta> ChatAsync(string model, SourceRequest request, CancellationToken cancellationToken) =>
        request is { KeepsFailures: false, Prompts: [{ } prompt] }
            ? _chat.StreamAsync(prompt, 0, request.IsStream, cancellationToken)
            : _batch.StreamAsync(request, cancellationToken);

    /// <inheritdoc/>
    public Task<TextEmbedding[]> EmbedAsync(
        string model, IReadOnlyList<string> texts, EmbeddingOptions options, CancellationToken cancellationToken) =>
        QueueAsync(
            texts.Count, (attempt, cancelled) => attempt.Provider.EmbedAsync(attempt.Model, texts, options, cancelled), cancellationToken);

    /// <inheritdoc/>
    public Task<RankedDocument[]> RerankAsync(
        string model, string query, IReadOnlyList<string> documents, CancellationToken cancellationToken) =>
        QueueAsync(
            documents.Count,
            (attempt, cancelled) => attempt.Provider.RerankAsync(attempt.Model, query, documents, cancelled),
            cancellationToken);

    /// <inheritdoc/>
    public Task<int[]> TokenizeAsync(string model, string text, bool specialTokens, CancellationToken cancellationToken) =>
        RunAsync(
            RouteCall.Command,
            (attempt, cancelled) => attempt.Provider.TokenizeAsync(attempt.Model, text, specialTokens, cancelled),
            cancellationToken);

    /// <inheritdoc/>
    public Task<string> DetokenizeAsync(
        string model, IReadOnlyList<int> tokens, bool specialTokens, CancellationToken cancellationToken) =>
        RunAsync(
            RouteCall.Command,
            (attempt, cancelled) => attempt.Provider.DetokenizeAsync(attempt.Model, tokens, specialTokens, cancelled),
            cancellationToken);

    /// <inheritdoc/>
    public Task<int> CountTokensAsync(string model, ChatPrompt prompt, CancellationToken cancellationToken) =>
        RunAsync(
            RouteCall.Command,
            (attempt, cancelled) => attempt.Provider.CountTokensAsync(attempt.Model, prompt, cancelled),
            cancellationToken);

    /// <inheritdoc/>
    public Task<ModelInfo> EnsureLoadedAsync(string model, CancellationToken cancellationToken) =>
        RunAsync(
            RouteCall.Load, static (attempt, cancelled) => attempt.Provider.EnsureLoadedAsync(attempt.Model, cancelled), cancellationToken);

    /// <inheritdoc/>
    public ModelStatus GetStatus(string model)
    {
        ModelStatus remote = _remote.Provider.GetStatus(_remote.Model);
        if (_isRemoteFirst)
        {
            return remote;
        }

        try
        {
            ModelStatus local = _local.Provider.GetStatus(_local.Model);
            return local.State == ModelState.Failed && remote.State == ModelState.Ready ? remote : local;
        }
        catch (ModelNotFoundException)
        {
            return remote;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<ModelStatus> List() => []; // both models are in lists of their own

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _load.EndedAsync().ConfigureAwait(false);
    }

    private async Task<T> QueueAsync<T>(int sequences, RouteRunner.Send<T> send, CancellationToken cancellationToken)
    {
        long begin = _time.GetTimestamp();
        using RouteUse<T> use =
            await _runner.RunAsync(new RouteCall { Sequences = sequences }, send, cancellationToken).ConfigureAwait(false);
        if (!use.Plan.Side.IsRemote)
        {
            _queue.LearnCall(_time.GetElapsedTime(begin) / Math.Max(1, sequences));
        }

        return use.Value;
    }

    private async Task<T> RunAsync<T>(RouteCall call, RouteRunner.Send<T> send, CancellationToken cancellationToken)
    {
        using RouteUse<T> use = await _runner.RunAsync(call, send, cancellationToken).ConfigureAwait(false);
        return use.Value;
    }
}

using Orchard.Connection;
using Orchard.Models.Sources;

namespace Orchard.Routing;

/// <summary>Stands in for the models of routes, which no schedule uses.</summary>
internal sealed class RouteProvider : IModelProvider
{
    public RouteProvider(
        string name, ModelRoute route, RouteSide local, RouteSide remote, Func<Heartbeats?> heartbeats, SourceContext context) =>
        throw new NotSupportedException($"{name} {route} {local} {remote} {heartbeats} {context}");

    public IAsyncEnumerable<ChatDelta> ChatAsync(string model, SourceRequest request, CancellationToken cancellationToken) => throw Unused();

    public Task<TextEmbedding[]> EmbedAsync(
        string model, IReadOnlyList<string> texts, EmbeddingOptions options, CancellationToken cancellationToken) => throw Unused();

    public Task<RankedDocument[]> RerankAsync(
        string model, string query, IReadOnlyList<string> documents, CancellationToken cancellationToken) => throw Unused();

    public Task<int[]> TokenizeAsync(string model, string text, bool specialTokens, CancellationToken cancellationToken) => throw Unused();

    public Task<string> DetokenizeAsync(
        string model, IReadOnlyList<int> tokens, bool specialTokens, CancellationToken cancellationToken) => throw Unused();

    public Task<int> CountTokensAsync(string model, ChatPrompt prompt, CancellationToken cancellationToken) => throw Unused();

    public Task<ModelInfo> EnsureLoadedAsync(string model, CancellationToken cancellationToken) => throw Unused();

    public ModelStatus GetStatus(string model) => throw Unused();

    public IReadOnlyList<ModelStatus> List() => throw Unused();

    public ValueTask DisposeAsync() => throw Unused();

    private static NotSupportedException Unused() => new("No schedule uses a route.");
}

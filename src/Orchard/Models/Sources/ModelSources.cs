using System.Diagnostics.CodeAnalysis;

namespace Orchard.Models.Sources;

/// <summary>The sources of one client, and the routes to them, by name. Thread-safe.</summary>
internal sealed class ModelSources : IAsyncDisposable
{
    private readonly Dictionary<string, IModelProvider> _providers;
    private Dictionary<string, (IModelProvider Provider, string Local)> _routes = [];

    private ModelSources(Dictionary<string, IModelProvider> providers) => _providers = providers;

    /// <summary>A client without sources.</summary>
    public static ModelSources None { get; } = new([]);

    /// <summary>Opens the sources, which have been validated.</summary>
    public static ModelSources Open(IEnumerable<ModelSource> sources, SourceContext context) => new(sources.ToDictionary(
        source => source.Name, source => ((IModelSource)source).Open(context), StringComparer.OrdinalIgnoreCase));

    /// <summary>Adds the routes, before the first call.</summary>
    /// <param name="routes">For each name who serves it, and its model on this machine.</param>
    public void Connect(IEnumerable<KeyValuePair<string, (IModelProvider Provider, string Local)>> routes) =>
        _routes = new(routes, StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns whether a model is one of a route or a source.</summary>
    /// <param name="model">The model, as the caller named it.</param>
    /// <param name="provider">Who serves it.</param>
    /// <param name="name">The model's name there.</param>
    public bool TryFind(string model, [NotNullWhen(true)] out IModelProvider? provider, [NotNullWhen(true)] out string? name)
    {
        if (model is not null && _routes.Count > 0 && _routes.TryGetValue(model.Trim(), out (IModelProvider Provider, string Local) route))
        {
            (provider, name) = (route.Provider, model.Trim());
            return true;
        }

        return TryFindSource(model!, out provider, out name);
    }

    /// <summary>Returns whether a model is one of a source, whatever the names of routes.</summary>
    /// <param name="model">The model.</param>
    /// <param name="provider">The source.</param>
    /// <param name="name">The model's name there.</param>
    public bool TryFindSource(string model, [NotNullWhen(true)] out IModelProvider? provider, [NotNullWhen(true)] out string? name)
    {
        (provider, name) = (null, null);
        if (_providers.Count == 0 || string.IsNullOrWhiteSpace(model))
        {
            return false;
        }

        string trimmed = model.Trim();
        int slash = trimmed.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == trimmed.Length - 1 || !_providers.TryGetValue(trimmed[..slash], out provider))
        {
            return false;
        }

        name = trimmed[(slash + 1)..];
        return true;
    }

    /// <summary>Returns the model on this machine that a route's name stands for; any other name as it is.</summary>
    /// <param name="model">The model, as the caller named it.</param>
    public string ToLocal(string model) =>
        model is not null && _routes.TryGetValue(model.Trim(), out (IModelProvider Provider, string Local) route) ? route.Local : model!;

    /// <summary>Returns the status of every model of the sources that was used.</summary>
    public IEnumerable<ModelStatus> List() => _providers.Values.SelectMany(provider => provider.List());

    /// <summary>Closes all routes and sources; calls in flight end with <see cref="ObjectDisposedException"/>.</summary>
    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(_routes.Values.Select(static route => route.Provider).Concat(_providers.Values)
            .Select(static provider => provider.DisposeAsync().AsTask())).ConfigureAwait(false);
}

using System.Diagnostics.CodeAnalysis;

namespace Orchard.Models.Sources;

/// <summary>The sources of one client, by name. Thread-safe.</summary>
internal sealed class ModelSources : IAsyncDisposable
{
    private readonly Dictionary<string, IModelProvider> _providers;

    private ModelSources(Dictionary<string, IModelProvider> providers) => _providers = providers;

    /// <summary>A client without sources.</summary>
    public static ModelSources None { get; } = new([]);

    /// <summary>Opens the sources, which have been validated.</summary>
    public static ModelSources Open(IEnumerable<ModelSource> sources, SourceContext context) => new(sources.ToDictionary(
        source => source.Name, source => ((IModelSource)source).Open(context), StringComparer.OrdinalIgnoreCase));

    /// <summary>Returns whether a model is one of a source.</summary>
    /// <param name="model">The model, as the caller named it.</param>
    /// <param name="provider">The source.</param>
    /// <param name="name">The model's name there.</param>
    public bool TryFind(string model, [NotNullWhen(true)] out IModelProvider? provider, [NotNullWhen(true)] out string? name)
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

    /// <summary>Returns the status of every model of the sources that was used.</summary>
    public IEnumerable<ModelStatus> List() => _providers.Values.SelectMany(provider => provider.List());

    /// <summary>Closes all sources; calls in flight end with <see cref="ObjectDisposedException"/>.</summary>
    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(_providers.Values.Select(provider => provider.DisposeAsync().AsTask())).ConfigureAwait(false);
}

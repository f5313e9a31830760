using System.Collections.Concurrent;

namespace Orchard.Server.Models;

/// <summary>Lists the models that are offered. Thread-safe.</summary>
/// <param name="registry">The models of the client.</param>
/// <param name="options">What is offered.</param>
internal sealed class ModelCatalog(ModelRegistry registry, OrchardServerOptions options)
{
    private static readonly string[] Bundled = [ModelNames.Starter, "starter-embeddings", "starter-vision"];

    private readonly ConcurrentDictionary<(string Path, DateTime Written), GgufFacts> _facts = [];

    /// <summary>Returns all models, by name.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<IReadOnlyList<CatalogModel>> ListAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<LocalModel> stored = await registry.ListLocalAsync(cancellationToken).ConfigureAwait(false);
        IEnumerable<string> names = Bundled.Concat(options.Models).Concat(options.Aliases.Keys).Concat(stored.Select(model => model.Name));
        return
        [
            .. names.Distinct(StringComparer.OrdinalIgnoreCase)
                .Select(name => Describe(name, options.Aliases.TryGetValue(name, out string? target) ? target : name, stored))
                .OfType<CatalogModel>(),
        ];
    }

    /// <summary>Returns a model; null if its file does not exist.</summary>
    /// <param name="name">Name for requests.</param>
    /// <param name="model">The client's name.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<CatalogModel?> FindAsync(string name, string model, CancellationToken cancellationToken) =>
        Describe(name, model, await registry.ListLocalAsync(cancellationToken).ConfigureAwait(false));

    private CatalogModel? Describe(string name, string model, IReadOnlyList<LocalModel> stored)
    {
        ModelStatus status;
        try
        {
            status = registry.GetStatus(model);
        }
        catch (ModelNotFoundException)
        {
            return null; // not deployed, or deleted in the meantime
        }

        var file = new FileInfo(status.Path.Length > 0 ? status.Path : "/");
        if (status.Path.Length == 0 || (!file.Exists && status.Info is null))
        {
            return null;
        }

        LocalModel? local = stored.FirstOrDefault(candidate => candidate.Path == status.Path);
        return new CatalogModel
        {
            Name = name,
            Path = status.Path,
            Id = status.Id,
            Bytes = local?.Bytes ?? (file.Exists ? file.Length : status.Info?.FileBytes ?? 0),
            Modified = file.Exists ? file.LastWriteTimeUtc : DateTimeOffset.UnixEpoch,
            State = status.State,
            Info = status.Info,
            File = file.Exists
                ? _facts.GetOrAdd((status.Path, file.LastWriteTimeUtc), static key => GgufFacts.Read(key.Path))
                : GgufFacts.None,
            Sha256 = local?.Sha256 ?? status.Info?.Sha256,
            Owner = local?.Repository.Split('/')[0] ?? "orchard",
            Quantization = status.Info?.Quantization ?? local?.Quantization,
            License = local?.License,
            HasProjector = local?.ProjectorPath is not null,
        };
    }
}

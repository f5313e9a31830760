namespace Orchard.Models;

/// <summary>Finds and downloads models by names of the hub. Decouples <see cref="ModelRegistry"/> from the hub.</summary>
internal interface IModelHub : IDisposable
{
    /// <summary>Whether a text can be the name of a model on the hub.</summary>
    bool IsName(string model);

    /// <summary>Returns the stored model that a name means; null if it has to be downloaded first. Sends no request.</summary>
    ResolvedModel? Find(string model);

    /// <summary>Returns the model after downloading what is missing. Throws <see cref="OrchardException"/>.</summary>
    Task<ResolvedModel> FetchAsync(string model, Action<ModelLoadProgress> report, CancellationToken cancellationToken);

    /// <summary>Returns the models that are stored. Reads the file system.</summary>
    IReadOnlyList<LocalModel> List();

    /// <inheritdoc cref="List"/>
    Task<IReadOnlyList<LocalModel>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Returns the models of a repository.</summary>
    Task<IReadOnlyList<RepositoryModel>> GetFilesAsync(string model, CancellationToken cancellationToken);

    /// <summary>Deletes a stored model; false if it is not stored.</summary>
    Task<bool> DeleteAsync(string model, CancellationToken cancellationToken);
}

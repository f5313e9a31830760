namespace Orchard.Engine.Serving.Models;

/// <summary>Turns a model file into something that generates. Thread-safe.</summary>
internal interface IModelLoader
{
    /// <summary>Reads what the head of a model file says about it. Quick; throws, with a message for the user, when the file cannot be a model.</summary>
    ModelFileFacts Inspect(string path);

    /// <summary>Loads a model. Cancelling aborts the load.</summary>
    /// <param name="path">Absolute path of a model file.</param>
    /// <param name="progress">Told the share that is loaded, 0 to 1.</param>
    /// <param name="cancellationToken">Aborts the load.</param>
    Task<LoadedModelHandle> LoadAsync(string path, IProgress<float> progress, CancellationToken cancellationToken);
}

/// <param name="Architecture">As the file names it, such as <c>llama</c>.</param>
internal sealed record ModelFileFacts(string Architecture);

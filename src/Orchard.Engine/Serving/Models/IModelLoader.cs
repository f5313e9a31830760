namespace Orchard.Engine.Serving.Models;

/// <summary>Loads models from files. Thread-safe.</summary>
internal interface IModelLoader
{
    /// <summary>Reads the header of a model file, which is fast. Throws with a message for the user if the file is not a model.</summary>
    ModelFileFacts Inspect(string path);

    /// <summary>Loads a model. Cancelling aborts the load.</summary>
    /// <param name="path">Absolute path of a model file.</param>
    /// <param name="mapsFile">Whether to map the file into memory; otherwise it is read.</param>
    /// <param name="progress">Receives the loaded share, 0 to 1.</param>
    /// <param name="cancellationToken">Aborts the load.</param>
    Task<LoadedModelHandle> LoadAsync(string path, bool mapsFile, IProgress<float> progress, CancellationToken cancellationToken);
}

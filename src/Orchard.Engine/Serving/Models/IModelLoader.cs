using Orchard.Engine.Inference;
using Orchard.Engine.Native.Backends;

namespace Orchard.Engine.Serving.Models;

/// <summary>Loads models from files. Thread-safe.</summary>
internal interface IModelLoader
{
    /// <summary>Bytes of memory that this process could use in addition to what it uses now.</summary>
    long AvailableBytes => long.MaxValue;

    /// <summary>The GPU libraries, and which of them are used; empty if there are none or they have not been examined yet.</summary>
    IReadOnlyList<BackendStatus> Backends => [];

    /// <summary>Gives the memory of a model back to the system after it has been disposed.</summary>
    /// <param name="model">Refers to the model.</param>
    Task ReturnMemoryAsync(WeakReference model) => Task.CompletedTask;

    /// <summary>Reads the header of a model file, which is fast. Throws with a message for the user if the file is not a model.</summary>
    ModelFileFacts Inspect(string path);

    /// <summary>Estimates the memory that a model needs. Throws with a message for the user if the file is not a model.</summary>
    ModelNeeds Estimate(string path, ModelSettings settings) => default;

    /// <summary>Loads a model. Cancelling aborts the load.</summary>
    /// <param name="path">Absolute path of a model file.</param>
    /// <param name="settings">How to load it.</param>
    /// <param name="memoryBytes">Memory that it may take, at least what it needs.</param>
    /// <param name="progress">Receives the loaded share, 0 to 1.</param>
    /// <param name="cancellationToken">Aborts the load.</param>
    Task<LoadedModelHandle> LoadAsync(
        string path, ModelSettings settings, long memoryBytes, IProgress<float> progress, CancellationToken cancellationToken);
}

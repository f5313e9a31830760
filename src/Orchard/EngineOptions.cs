namespace Orchard;

/// <summary>Settings of an <see cref="InferenceEngine"/>: those of a client, and the models to load.</summary>
/// <remarks>
/// Can be bound from configuration. The settings are copied when the engine is started, so later changes have no effect on it. Not
/// thread-safe while it is being changed.
/// </remarks>
public sealed class EngineOptions : ClientOptions
{
    /// <summary>
    /// Models to load before <see cref="InferenceEngine.StartAsync"/> completes (default: none). Each is <c>starter</c>, the path of a GGUF
    /// file or of a directory that contains exactly one, or a name of the hub, from which it is downloaded if it is not stored. They stay
    /// loaded until the <see cref="InferenceEngine"/> is disposed.
    /// </summary>
    public IList<string> LoadModels { get; set; } = [];
}

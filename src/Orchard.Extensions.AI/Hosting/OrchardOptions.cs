namespace Orchard.Extensions.AI;

/// <summary>
/// Settings of a client in a container: those of a client, the default model, and the models to load at application start.
/// </summary>
/// <remarks>Can be bound from configuration. Read when the container creates the client; later changes have no effect.</remarks>
public sealed class OrchardOptions : ClientOptions
{
    /// <summary>Name of the configuration section that is bound by default: <c>Orchard</c>.</summary>
    public const string SectionName = "Orchard";

    /// <summary>
    /// Model of chat clients that are added without one (default: null): <c>starter</c>, the path of a GGUF file, or a name of the hub.
    /// </summary>
    public string? Model { get; set; }

    /// <summary>
    /// Models to load when the application starts (default: none). Requires a host; a container alone starts nothing.
    /// </summary>
    public IList<string> PreloadModels { get; } = [];

    /// <summary>
    /// Whether the application start waits until the models are loaded, and fails if one cannot be loaded (default: true). If false, they
    /// are loaded in the background, and the health check reports when they are ready.
    /// </summary>
    public bool WaitForPreload { get; set; } = true;
}

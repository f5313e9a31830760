namespace Orchard;

/// <summary>
/// How a client of the container finds, or starts, its engine, and what it loads at application start. Bound from configuration or set
/// in code; see <see cref="ClientOptions"/> for the same settings without a container.
/// </summary>
public sealed class OrchardOptions
{
    /// <summary>The model of chat clients that are added without one (default: null). <c>starter</c>, or the path of a GGUF file.</summary>
    public string? Model { get; set; }

    /// <inheritdoc cref="ClientOptions.EngineRoot"/>
    public string? EngineRoot { get; set; }

    /// <inheritdoc cref="ClientOptions.EnginePath"/>
    public string? EnginePath { get; set; }

    /// <inheritdoc cref="ClientOptions.StartEngine"/>
    public bool StartEngine { get; set; } = true;

    /// <inheritdoc cref="ClientOptions.StartTimeout"/>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <inheritdoc cref="ClientOptions.EngineGraceTime"/>
    public TimeSpan? EngineGraceTime { get; set; }

    /// <inheritdoc cref="ClientOptions.ReplayUnansweredCalls"/>
    public bool ReplayUnansweredCalls { get; set; } = true;

    /// <inheritdoc cref="ClientOptions.StallTimeout"/>
    public TimeSpan? StallTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Models to load when the application starts (default: none). A host is needed; a container alone starts nothing.</summary>
    public IList<string> PreloadModels { get; } = [];

    /// <summary>
    /// Whether the application counts as started only when they are loaded, and fails to start when one cannot be (default: true). When
    /// false they are loaded beside the application, and the health check says when they are ready.
    /// </summary>
    public bool WaitForPreload { get; set; } = true;
}

namespace Orchard.Cli.Output;

/// <summary>The result of <c>stop --json</c>.</summary>
internal sealed record StoppedOutput
{
    /// <summary>Whether the engine was running, or the model was loaded.</summary>
    public bool WasRunning { get; init; }

    public string? Model { get; init; }
}

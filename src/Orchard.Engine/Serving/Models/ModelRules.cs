namespace Orchard.Engine.Serving.Models;

/// <summary>Rules for all models of an engine.</summary>
internal sealed record ModelRules
{
    /// <summary>How long a model stays after its last use, if the client does not say (default: 5 min); negative for always.</summary>
    public TimeSpan KeepAlive { get; init; } = ModelRetention.DefaultKeepAlive;

    /// <summary>Most bytes that all models together may take (default: null, what there is).</summary>
    public long? MemoryLimit { get; init; }
}

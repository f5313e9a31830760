namespace Orchard;

/// <summary>The status of a model in a client: a snapshot. Immutable.</summary>
public sealed class ModelStatus
{
    /// <summary>Identity of the model on this machine; see <see cref="ModelInfo.Id"/>.</summary>
    public required string Id { get; init; }

    /// <summary>Absolute path of the model file; empty for a model of the hub that is not stored.</summary>
    public required string Path { get; init; }

    /// <summary>The state.</summary>
    public required ModelState State { get; init; }

    /// <summary>Properties of the model; null if it is not loaded.</summary>
    public ModelInfo? Info { get; init; }

    /// <summary>Why the last load failed; null if it did not fail.</summary>
    public Exception? Error { get; init; }

    /// <summary>Number of this client's calls that use the model or wait for it.</summary>
    public int Users { get; init; }
}

namespace Orchard;

/// <summary>A model in an engine, whichever application has loaded it. Immutable.</summary>
public sealed class EngineModel
{
    /// <summary>Identifies the model in its engine, like <see cref="ModelInfo.Id"/>.</summary>
    public required string Id { get; init; }

    /// <summary>The name by which it was loaded first, such as <c>starter</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it is loaded, loading or failed to load.</summary>
    public required ModelState State { get; init; }

    /// <summary>Share of the model that is loaded, 0 to 1; null unless it is loading.</summary>
    public double? LoadFraction { get; init; }

    /// <summary>Number of sequences that are being computed.</summary>
    public int RunningSequences { get; init; }

    /// <summary>Number of sequences that wait for a slot.</summary>
    public int WaitingSequences { get; init; }

    /// <summary>Tokens generated per second, over all sequences.</summary>
    public double TokensPerSecond { get; init; }

    /// <summary>Tokens in the KV cache, including those kept only for reuse; null if unknown.</summary>
    public long? CachedTokens { get; init; }

    /// <summary>Capacity of the KV cache in tokens; null if unknown.</summary>
    public long? CacheCapacity { get; init; }
}

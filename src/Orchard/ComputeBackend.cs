namespace Orchard;

/// <summary>A GPU library of the engine, such as the one for CUDA, and whether the engine uses it. Immutable.</summary>
public sealed class ComputeBackend
{
    /// <summary>Its kind: <c>cuda</c>, <c>vulkan</c>, <c>metal</c>, <c>hip</c> or <c>sycl</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Whether models can be computed with it.</summary>
    public bool IsUsed => Reason is null;

    /// <summary>
    /// Why it is not used, as a sentence for the user: a missing library of the driver, no device, or a driver that failed; null if it is
    /// used.
    /// </summary>
    public string? Reason { get; init; }

    /// <summary>Its devices; empty if it is not used.</summary>
    public IReadOnlyList<ComputeDevice> Devices { get; init; } = [];
}

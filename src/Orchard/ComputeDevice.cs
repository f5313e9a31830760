namespace Orchard;

/// <summary>A GPU that the engine can compute on. Immutable.</summary>
public sealed class ComputeDevice
{
    /// <summary>Its name for <see cref="ModelOptions.Devices"/>, such as <c>CUDA0</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Its name as the driver gives it, such as <c>NVIDIA GeForce RTX 4090</c>.</summary>
    public string Description { get; init; } = "";

    /// <summary>Bytes of its memory.</summary>
    public long TotalBytes { get; init; }
}

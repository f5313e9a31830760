namespace Orchard;

/// <summary>What of a model is on one device. Immutable.</summary>
public sealed class ModelPlacement
{
    /// <summary>Name of the device, such as <c>CUDA0</c>, or <c>CPU</c> for the processor.</summary>
    public required string Device { get; init; }

    /// <summary>
    /// Number of layers; the output after the last layer counts as one. The experts of layers on a GPU may be on the processor.
    /// </summary>
    public int Layers { get; init; }

    /// <summary>Bytes of the weights, of the KV cache and of the buffers for computing, as planned before the load.</summary>
    public long Bytes { get; init; }
}

namespace Orchard.Engine.Native;

/// <summary>A GPU on which layers of a model can be.</summary>
/// <param name="Name">Its name in the library, such as <c>CUDA0</c>.</param>
/// <param name="FreeBytes">Bytes of its memory that are free now.</param>
/// <param name="TotalBytes">Bytes of its memory; 0 if unknown.</param>
/// <param name="SharesMemory">Whether its memory is that of the system.</param>
internal readonly record struct ComputeDevice(string Name, long FreeBytes, long TotalBytes = 0, bool SharesMemory = false)
{
    /// <summary>Most bytes of a tensor, such as the keys of a layer (default: any number).</summary>
    public long LargestTensorBytes { get; init; } = long.MaxValue;

    /// <summary>
    /// Returns the device with less free memory, so that no more than the limit is in use, by models and by other programs.
    /// </summary>
    public ComputeDevice Within(long? limit) => limit is { } most
        ? this with { FreeBytes = Math.Clamp(most - Math.Max(0, TotalBytes - FreeBytes), 0, FreeBytes) }
        : this;
}

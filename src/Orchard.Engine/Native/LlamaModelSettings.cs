namespace Orchard.Engine.Native;

/// <summary>How a model file is loaded.</summary>
/// <param name="MapsFile">Whether the library may map the file into memory; otherwise it reads it.</param>
/// <param name="LocksMemory">Whether the weights are kept from being swapped out.</param>
/// <param name="GpuLayers">Number of layers on the GPU, -1 for all; null for the library's default.</param>
/// <param name="Devices">Names of the devices that hold layers; empty for all.</param>
internal sealed record LlamaModelSettings(bool MapsFile, bool LocksMemory, int? GpuLayers, IReadOnlyList<string> Devices)
{
    /// <summary>Whether no GPU is used at all, not even for parts of the computation.</summary>
    public bool AvoidsDevices { get; init; }

    /// <summary>Numbers of layers on <see cref="Devices"/>, in their order; empty to leave that to the library.</summary>
    public IReadOnlyList<int> LayersOfDevices { get; init; } = [];

    /// <summary>Number of layers, from the first, whose experts are on the host.</summary>
    public int HostExperts { get; init; }

    /// <summary>Metadata values that replace those of the file, an integer or a floating-point number for each key.</summary>
    public IReadOnlyList<(string Key, long? Integer, double? Real)> Overrides { get; init; } = [];
}

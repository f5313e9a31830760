namespace Orchard.Engine.Inference.Devices;

/// <summary>What of a model is on one device.</summary>
/// <param name="Name">Name of the device, such as <c>CUDA0</c>.</param>
/// <param name="Layers">Number of layers; the output after the last layer counts as one.</param>
/// <param name="Bytes">Bytes of the weights, of the KV cache and of the buffers for computing.</param>
internal sealed record DeviceShare(string Name, int Layers, long Bytes);

using Orchard.Engine.Inference.Gguf;
using Orchard.Engine.Native;

namespace Orchard.Engine.Inference.Llama;

/// <summary>Chooses how many layers of a model are on GPUs.</summary>
internal static class GpuLayers
{
    // For the buffers of the forward pass and what the driver needs.
    private const long ReserveBytes = 512L << 20;

    /// <summary>Returns the number of layers that fit; null if all do, or if there is no GPU with memory of its own.</summary>
    /// <param name="model">The model.</param>
    /// <param name="cacheBytes">Bytes of the KV cache and other state of all layers.</param>
    /// <param name="devices">The GPUs that may be used.</param>
    public static int? ThatFit(GgufHeader model, long cacheBytes, IReadOnlyList<ComputeDevice> devices)
    {
        if (devices.Count == 0 || model.LayerCount == 0)
        {
            return null;
        }

        // The output and the embeddings of tokens count as one more layer, which the library offloads last.
        long layers = model.LayerCount + 1;
        long perLayer = (model.TotalBytes / layers) + (cacheBytes / model.LayerCount) + 1;
        long fitting = devices.Sum(device => Math.Max(0, device.FreeBytes - ReserveBytes) / perLayer);
        return fitting >= layers ? null : (int)fitting;
    }
}

using Orchard.Engine.Inference.Gguf;

namespace Orchard.Engine.Inference.Devices;

/// <summary>What the parts of a model take on a device.</summary>
/// <param name="Layers">The weights of the layers.</param>
/// <param name="OutputBytes">Bytes of the weights after the last layer.</param>
/// <param name="CacheBytesPerToken">Bytes of the KV cache for one token, over all layers.</param>
/// <param name="StateBytesPerSequence">Bytes of the recurrent state of one sequence, over all layers.</param>
/// <param name="ComputeBytes">Bytes of the buffers for computing on each device.</param>
internal sealed record DeviceNeeds(
    IReadOnlyList<LayerSize> Layers, long OutputBytes, long CacheBytesPerToken, long StateBytesPerSequence, long ComputeBytes)
{
    /// <summary>How the KV cache and the recurrent state are spread over the layers (default: evenly).</summary>
    public LayerMemory Memory { get; init; } = LayerMemory.Even;

    /// <summary>
    /// Share of the keys in the KV cache, or of the values if it is greater: each of them is one tensor in each layer (default: 1/2).
    /// </summary>
    public double LargerHalf { get; init; } = 0.5;

    /// <summary>Returns the needs of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="cacheBytesPerToken">Bytes of its KV cache for one token.</param>
    /// <param name="computeBytes">Bytes of its buffers for computing on each device.</param>
    public static DeviceNeeds Of(GgufHeader model, long cacheBytesPerToken, long computeBytes)
    {
        TensorSizes sizes = model.Sizes;
        if (sizes.Layers.Count > 0)
        {
            return new DeviceNeeds(sizes.Layers, sizes.OutputBytes, cacheBytesPerToken, model.StateBytes, computeBytes)
            {
                Memory = model.LayerMemory,
            };
        }

        // The names of the tensors say nothing, so all layers are taken to be equal.
        int layers = Math.Max(model.LayerCount, 1);
        long each = model.TotalBytes / (layers + 1);
        return new DeviceNeeds(
            [.. Enumerable.Repeat(new LayerSize(each, 0), layers)], each, cacheBytesPerToken, model.StateBytes, computeBytes);
    }

    /// <summary>Whether there are experts.</summary>
    public bool HasExperts => Layers.Any(static layer => layer.Experts > 0);

    /// <summary>Returns the bytes of the largest tensor of the KV cache in one layer.</summary>
    /// <param name="index">The layer, from 0; the one after the last is the output.</param>
    /// <param name="tokens">Room for this many tokens.</param>
    public double CacheTensorBytes(int index, long tokens) => index == Layers.Count
        ? 0
        : (double)CacheBytesPerToken * tokens * Memory.CacheShare(index, Layers.Count) * LargerHalf;

    /// <summary>Returns the bytes of one layer; the one after the last is the output.</summary>
    /// <param name="index">The layer, from 0.</param>
    /// <param name="hostExperts">Number of layers, from the first, whose experts are on the host.</param>
    /// <param name="tokens">Room for this many tokens.</param>
    /// <param name="sequences">Number of sequences.</param>
    public long BytesOf(int index, int hostExperts, long tokens, int sequences)
    {
        if (index == Layers.Count)
        {
            return OutputBytes;
        }

        LayerSize size = Layers[index];
        long weights = index < hostExperts ? size.Dense : size.Total;
        double memory = ((double)CacheBytesPerToken * tokens * Memory.CacheShare(index, Layers.Count))
            + ((double)StateBytesPerSequence * sequences * Memory.StateShare(index, Layers.Count));
        return weights + (long)Math.Min(memory, long.MaxValue / 8192) + 1;
    }
}

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
    /// <summary>Returns the needs of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="cacheBytesPerToken">Bytes of its KV cache for one token.</param>
    /// <param name="computeBytes">Bytes of its buffers for computing on each device.</param>
    public static DeviceNeeds Of(GgufHeader model, long cacheBytesPerToken, long computeBytes)
    {
        TensorSizes sizes = model.Sizes;
        if (sizes.Layers.Count > 0)
        {
            return new DeviceNeeds(sizes.Layers, sizes.OutputBytes, cacheBytesPerToken, model.StateBytes, computeBytes);
        }

        // The names of the tensors say nothing, so all layers are taken to be equal.
        int layers = Math.Max(model.LayerCount, 1);
        long each = model.TotalBytes / (layers + 1);
        return new DeviceNeeds(
            [.. Enumerable.Repeat(new LayerSize(each, 0), layers)], each, cacheBytesPerToken, model.StateBytes, computeBytes);
    }

    /// <summary>Whether there are experts.</summary>
    public bool HasExperts => Layers.Any(static layer => layer.Experts > 0);

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
        double memory = ((double)CacheBytesPerToken * tokens) + ((double)StateBytesPerSequence * sequences);
        return weights + (long)Math.Min(memory / Layers.Count, long.MaxValue / 1024) + 1;
    }
}

using Orchard.Engine.Native;

namespace Orchard.Engine.Inference.Devices;

/// <summary>Puts layers on devices, each of which holds consecutive ones.</summary>
/// <param name="needs">What the layers take.</param>
/// <param name="devices">The devices, the one with the most free memory first.</param>
internal sealed class LayerPlacement(DeviceNeeds needs, IReadOnlyList<ComputeDevice> devices)
{
    // Left free on each device for the driver and for other programs: 1 GiB, or an eighth of what is free.
    private const long MostMargin = 1L << 30;
    private const int LeastMarginShare = 8;

    // The library allocates the KV cache for some more tokens than it is asked for.
    private const double MostOfTensor = 15.0 / 16;

    /// <summary>Number of all layers; the output counts as one.</summary>
    public int AllLayers => needs.Layers.Count + 1;

    /// <summary>Returns the shares of the devices; null if the layers do not fit. Uses as few devices as possible.</summary>
    /// <param name="layers">Number of layers on devices, the last ones of the model.</param>
    /// <param name="hostExperts">Number of layers, from the first, whose experts are on the host.</param>
    /// <param name="tokens">Room for this many tokens.</param>
    /// <param name="sequences">Number of sequences.</param>
    public IReadOnlyList<DeviceShare>? TryPlace(int layers, int hostExperts, long tokens, int sequences)
    {
        var shares = new List<DeviceShare>();
        int next = AllLayers - layers;
        foreach (ComputeDevice device in devices)
        {
            long room = device.FreeBytes - Math.Min(MostMargin, device.FreeBytes / LeastMarginShare);
            long used = needs.ComputeBytes;
            int count = 0;
            while (next < AllLayers
                && needs.BytesOf(next, hostExperts, tokens, sequences) is var bytes
                && used + bytes <= room
                && needs.CacheTensorBytes(next, tokens) <= device.LargestTensorBytes * MostOfTensor)
            {
                used += bytes;
                count++;
                next++;
            }

            if (count > 0)
            {
                shares.Add(new DeviceShare(device.Name, count, used));
            }

            if (next == AllLayers)
            {
                return shares;
            }
        }

        return null;
    }
}

namespace Orchard.Engine.Inference.Devices;

/// <summary>Where a model is computed, and for how many tokens there is room.</summary>
/// <param name="Shares">The devices with layers, in the order of the layers; empty if all are on the host.</param>
/// <param name="AllLayers">Number of all layers; the output after the last one counts as one.</param>
/// <param name="HostExperts">Number of layers, from the first, whose experts are on the host.</param>
/// <param name="ContextLength">Most tokens in one sequence.</param>
/// <param name="Sequences">Number of sequences.</param>
internal sealed record DevicePlan(
    IReadOnlyList<DeviceShare> Shares, int AllLayers, int HostExperts, int ContextLength, int Sequences)
{
    /// <summary>All layers are on the host, with as many tokens as its memory has room for.</summary>
    public static DevicePlan Host { get; } = new([], 0, 0, 0, 0);

    /// <summary>Number of layers on devices, the last ones of the model.</summary>
    public int Layers => Shares.Sum(static share => share.Layers);

    /// <summary>Whether no device is used.</summary>
    public bool IsOnHost => Shares.Count == 0;

    public override string ToString()
    {
        if (IsOnHost)
        {
            return "all layers on the processor";
        }

        string devices = string.Join(
            ", ",
            Shares.Select(static share => FormattableString.Invariant($"{share.Layers} on {share.Name} ({share.Bytes >> 20:N0} MiB)")));
        string experts = HostExperts == 0 ? "" : FormattableString.Invariant($", the experts of {HostExperts} on the processor");
        return FormattableString.Invariant($"of {AllLayers} layers {devices}{experts}; {Sequences} sequences of {ContextLength:N0} tokens");
    }
}

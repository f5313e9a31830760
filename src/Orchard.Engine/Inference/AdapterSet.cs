namespace Orchard.Engine.Inference;

/// <summary>
/// LoRA adapters that one sequence is generated with. Two with the same key are the same: what was computed with one is good for the
/// other. Immutable.
/// </summary>
/// <param name="Key">Which files, and how strongly.</param>
/// <param name="Adapters">The library's objects; they live as long as the model.</param>
/// <param name="Scales">How strongly each changes the model.</param>
internal sealed record AdapterSet(string Key, nint[] Adapters, float[] Scales)
{
    public bool Equals(AdapterSet? other) => other is not null && Key == other.Key;

    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);
}

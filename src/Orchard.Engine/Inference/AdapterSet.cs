namespace Orchard.Engine.Inference;

/// <summary>
/// LoRA adapters of a sequence. Sets with the same key are equal, and tokens computed with one can be reused with the other. Immutable.
/// </summary>
/// <param name="Key">Identifies the adapters and their scales.</param>
/// <param name="Adapters">Native adapter objects, which live as long as the model.</param>
/// <param name="Scales">Scale of each adapter.</param>
internal sealed record AdapterSet(string Key, nint[] Adapters, float[] Scales)
{
    /// <summary>
    /// Identifies the content of the adapters and their scales, also in another process; null if it is not known (default: null).
    /// </summary>
    public string? ContentKey { get; init; }

    public bool Equals(AdapterSet? other) => other is not null && Key == other.Key;

    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);
}

namespace Orchard.Engine.Inference;

/// <summary>Type of the numbers in a KV cache, from the smallest to the most precise.</summary>
internal enum CacheType
{
    /// <summary>4 bits and a scale per 32 numbers.</summary>
    Q4,

    /// <summary>8 bits and a scale per 32 numbers.</summary>
    Q8,

    /// <summary>16-bit floating point.</summary>
    F16,
}

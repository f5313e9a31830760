using System.Diagnostics.CodeAnalysis;

namespace Orchard;

/// <summary>Type of the numbers in a KV cache.</summary>
public enum CacheType
{
    /// <summary>16-bit floating point.</summary>
    F16,

    /// <summary>8 bits and a scale per 32 numbers: about half the memory of <see cref="F16"/>, hardly any loss.</summary>
    [SuppressMessage("Naming", "CA1707", Justification = "The name of the type in llama.cpp and in configuration.")]
    Q8_0,

    /// <summary>4 bits and a scale per 32 numbers: about a quarter of the memory of <see cref="F16"/>, with a noticeable loss.</summary>
    [SuppressMessage("Naming", "CA1707", Justification = "The name of the type in llama.cpp and in configuration.")]
    Q4_0,
}

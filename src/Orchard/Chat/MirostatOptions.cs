using System.Runtime.CompilerServices;
using Orchard.Validation;

namespace Orchard;

/// <summary>
/// Mirostat sampling (version 2): keeps the surprisal of the generated text near a target. It replaces top-k, top-p, min-p, typical-p
/// and XTC, and has no effect at temperature 0. Immutable.
/// </summary>
/// <remarks>Instances are compared by reference.</remarks>
public sealed record MirostatOptions
{
    /// <summary>
    /// Target surprisal in bits per token, above 0 to 100 (default: 5, as in llama.cpp). Lower values give more focused text.
    /// </summary>
    public double Tau { get; init; } = 5;

    /// <summary>Learning rate, above 0 to 1 (default: 0.1, as in llama.cpp).</summary>
    public double Eta { get; init; } = 0.1;

    /// <summary>Returns whether the other instance is this one.</summary>
    /// <param name="other">The other instance.</param>
    public bool Equals(MirostatOptions? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    internal void Validate()
    {
        OptionRange.Require(Tau is > 0 and <= 100, Tau, "above 0 to 100", "Mirostat.Tau");
        OptionRange.Require(Eta is > 0 and <= 1, Eta, "above 0 to 1", "Mirostat.Eta");
    }
}

using System.Runtime.CompilerServices;
using Orchard.Validation;

namespace Orchard;

/// <summary>
/// XTC sampling ("exclude top choices"): at random steps, removes all but the least probable of the top choices, for less predictable
/// text. Has no effect at temperature 0. Immutable.
/// </summary>
/// <remarks>Instances are compared by reference.</remarks>
public sealed record XtcOptions
{
    /// <summary>
    /// Probability of removing top choices, per token, 0 to 1; 0 switches XTC off (default: 0.5, the value its authors recommend).
    /// </summary>
    public double Probability { get; init; } = 0.5;

    /// <summary>Lowest probability of a top choice, 0 to 0.5 (default: 0.1, as in llama.cpp).</summary>
    public double Threshold { get; init; } = 0.1;

    /// <summary>Returns whether the other instance is this one.</summary>
    /// <param name="other">The other instance.</param>
    public bool Equals(XtcOptions? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    internal void Validate()
    {
        OptionRange.Require(Probability is >= 0 and <= 1, Probability, "0 to 1", "Xtc.Probability");
        OptionRange.Require(Threshold is >= 0 and <= 0.5, Threshold, "0 to 0.5", "Xtc.Threshold");
    }
}

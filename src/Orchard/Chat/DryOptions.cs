using System.Runtime.CompilerServices;
using Orchard.Validation;

namespace Orchard;

/// <summary>
/// DRY sampling ("don't repeat yourself"): a penalty for tokens that would continue a sequence that was generated before. Immutable.
/// </summary>
/// <remarks>Instances are compared by reference.</remarks>
public sealed record DryOptions
{
    private const int MaxWindow = 1 << 16;
    private const int MaxSequenceBreakers = 64;

    /// <summary>Strength of the penalty, 0 to 100; 0 switches it off (default: 0.8, the value its author recommends).</summary>
    public double Multiplier { get; init; } = 0.8;

    /// <summary>Factor by which the penalty grows with each repeated token, 1 to 100 (default: 1.75, as in llama.cpp).</summary>
    public double Base { get; init; } = 1.75;

    /// <summary>Number of repeated tokens without a penalty, 0 to 1,000 (default: 2, as in llama.cpp).</summary>
    public int AllowedLength { get; init; } = 2;

    /// <summary>Number of most recently generated tokens to search for repetitions, 1 to 65,536 (default: 1,024).</summary>
    public int Window { get; init; } = 1024;

    /// <summary>
    /// Strings that end a repeated sequence, at most 64, each non-empty (default: line feed, colon, quotation mark and asterisk, as in
    /// llama.cpp).
    /// </summary>
    public IReadOnlyList<string> SequenceBreakers { get; init; } = ["\n", ":", "\"", "*"];

    /// <summary>Returns whether the other instance is this one.</summary>
    /// <param name="other">The other instance.</param>
    public bool Equals(DryOptions? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    internal DryOptions Copy() => this with { SequenceBreakers = SequenceBreakers is { } texts ? [.. texts] : null! };

    internal void Validate()
    {
        OptionRange.Require(Multiplier is >= 0 and <= 100, Multiplier, "0 to 100", "Dry.Multiplier");
        OptionRange.Require(Base is >= 1 and <= 100, Base, "1 to 100", "Dry.Base");
        OptionRange.Require(AllowedLength is >= 0 and <= 1000, AllowedLength, "0 to 1000", "Dry.AllowedLength");
        OptionRange.Require(Window is >= 1 and <= MaxWindow, Window, "1 to 65536", "Dry.Window");
        OptionRange.Require(
            SequenceBreakers is { Count: <= MaxSequenceBreakers },
            SequenceBreakers?.Count,
            "a list of at most 64 strings",
            "Dry.SequenceBreakers");
        foreach (string text in SequenceBreakers!)
        {
            if (string.IsNullOrEmpty(text) || !Utf16.IsWellFormed(text))
            {
                throw new ArgumentException(
                    "A sequence breaker must be a non-empty string without unpaired surrogates.", "Dry.SequenceBreakers");
            }
        }
    }
}

using Orchard.Validation;

namespace Orchard;

/// <summary>
/// XTC, "exclude top choices": now and then leaves out all but the least probable of the probable tokens, for less predictable text.
/// Needs a temperature above 0. Immutable.
/// </summary>
public sealed record XtcOptions
{
    /// <summary>How often, per token, choices are left out, 0 to 1 (default: 0.5, as its authors suggest).</summary>
    public double Probability { get; init; } = 0.5;

    /// <summary>Tokens at least this probable count as top choices, 0 to 0.5 (default: 0.1, as llama.cpp).</summary>
    public double Threshold { get; init; } = 0.1;

    internal void Validate()
    {
        OptionRange.Require(Probability is >= 0 and <= 1, Probability, "0 to 1", "Xtc.Probability");
        OptionRange.Require(Threshold is >= 0 and <= 0.5, Threshold, "0 to 0.5", "Xtc.Threshold");
    }
}

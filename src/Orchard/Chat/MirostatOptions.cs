using Orchard.Validation;

namespace Orchard;

/// <summary>
/// Mirostat (version 2): holds the surprise of the text at a level, in place of top-k, top-p, min-p, typical-p and XTC. Needs a
/// temperature above 0. Immutable.
/// </summary>
public sealed record MirostatOptions
{
    /// <summary>Surprise to hold, in bits per token, above 0 to 100 (default: 5, as llama.cpp). Lower is more focused.</summary>
    public double Tau { get; init; } = 5;

    /// <summary>How fast it adapts, above 0 to 1 (default: 0.1, as llama.cpp).</summary>
    public double Eta { get; init; } = 0.1;

    internal void Validate()
    {
        OptionRange.Require(Tau is > 0 and <= 100, Tau, "above 0 to 100", "Mirostat.Tau");
        OptionRange.Require(Eta is > 0 and <= 1, Eta, "above 0 to 1", "Mirostat.Eta");
    }
}

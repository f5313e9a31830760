using Orchard.Validation;

namespace Orchard;

/// <summary>DRY, "don't repeat yourself": a penalty for going on with a sequence of tokens that was generated before. Immutable.</summary>
public sealed record DryOptions
{
    /// <summary>Size of the penalty, 0 to 100; 0 is off (default: 0.8, as its author suggests).</summary>
    public double Multiplier { get; init; } = 0.8;

    /// <summary>What the penalty grows by with every repeated token, 1 to 100 (default: 1.75, as llama.cpp).</summary>
    public double Base { get; init; } = 1.75;

    /// <summary>Repeated tokens that cost nothing, 0 to 1,000 (default: 2, as llama.cpp).</summary>
    public int AllowedLength { get; init; } = 2;

    /// <summary>How many of the last generated tokens to look at, 1 to 65,536 (default: 1,024).</summary>
    public int Window { get; init; } = 1024;

    /// <summary>
    /// Texts over which a repetition does not reach (default: line break, colon, quote and asterisk, as llama.cpp). Not empty, at most 64.
    /// </summary>
    public IReadOnlyList<string> SequenceBreakers { get; init; } = ["\n", ":", "\"", "*"];

    internal DryOptions Copy() => this with { SequenceBreakers = SequenceBreakers is { } texts ? [.. texts] : null! };

    internal void Validate()
    {
        OptionRange.Require(Multiplier is >= 0 and <= 100, Multiplier, "0 to 100", "Dry.Multiplier");
        OptionRange.Require(Base is >= 1 and <= 100, Base, "1 to 100", "Dry.Base");
        OptionRange.Require(AllowedLength is >= 0 and <= 1000, AllowedLength, "0 to 1000", "Dry.AllowedLength");
        OptionRange.Require(Window is >= 1 and <= GenerationOptions.PenaltyWindowLimit, Window, "1 to 65536", "Dry.Window");
        OptionRange.Require(SequenceBreakers is { Count: <= 64 }, SequenceBreakers?.Count, "at most 64 texts, not null", "Dry.SequenceBreakers");
        foreach (string text in SequenceBreakers!)
        {
            if (string.IsNullOrEmpty(text) || text.Contains('\0', StringComparison.Ordinal) || !Utf16.IsWellFormed(text))
            {
                throw new ArgumentException("A sequence breaker must be a text of at least one character, without NUL or unpaired surrogates.", "Dry.SequenceBreakers");
            }
        }
    }
}

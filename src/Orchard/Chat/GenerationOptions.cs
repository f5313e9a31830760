using System.Runtime.CompilerServices;

namespace Orchard;

/// <summary>How to generate. Immutable; share one instance between calls and threads.</summary>
public sealed record GenerationOptions
{
    /// <summary>The largest value <see cref="MaxTokens"/> takes.</summary>
    public const int MaxTokensLimit = 1 << 20;

    internal static GenerationOptions Default { get; } = new();

    /// <summary>Most tokens to generate, 1 to 1,048,576 (default: null, until the model stops or its context is full).</summary>
    public int? MaxTokens { get; init; }

    /// <summary>
    /// Randomness, 0 to 10 (default: 0). 0 always takes the likeliest token; about 0.7 suits open conversation.
    /// </summary>
    public double Temperature { get; init; }

    /// <summary>Sample among the likeliest tokens that together reach this probability, above 0 to 1 (default: 1, all).</summary>
    public double TopP { get; init; } = 1;

    /// <summary>Sample among this many likeliest tokens, 1 or more (default: null, all).</summary>
    public int? TopK { get; init; }

    /// <summary>Drop tokens less likely than this fraction of the likeliest one, 0 to 1 (default: 0, none).</summary>
    public double MinP { get; init; }

    /// <summary>Seed of the sampler (default: null, a new one each call). The same seed, prompt and options give the same text.</summary>
    public uint? Seed { get; init; }

    /// <summary>Texts that end the answer where they appear; they are not part of it (default: none). Not empty, at most 64.</summary>
    public IReadOnlyList<string> StopStrings { get; init; } = [];

    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    internal void Validate()
    {
        if (MaxTokens is { } max)
        {
            Require(max is >= 1 and <= MaxTokensLimit, max, "1 to 1048576, or null to generate until the model stops", nameof(MaxTokens));
        }

        Require(Temperature is >= 0 and <= 10, Temperature, "0 to 10");
        Require(TopP is > 0 and <= 1, TopP, "above 0 to 1");
        Require(MinP is >= 0 and <= 1, MinP, "0 to 1");
        if (TopK is { } topK)
        {
            Require(topK >= 1, topK, "1 or more, or null to consider all tokens", nameof(TopK));
        }

        Require(StopStrings is { Count: <= 64 }, StopStrings?.Count, "at most 64 texts, not null", nameof(StopStrings));
        foreach (string stop in StopStrings!)
        {
            if (string.IsNullOrEmpty(stop) || !Utf16.IsWellFormed(stop))
            {
                throw new ArgumentException("A stop string must be a text of at least one character without unpaired surrogates.", nameof(StopStrings));
            }
        }
    }

    private static void Require(bool condition, object? value, string range, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!condition)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value ?? "null"}; allowed is {range}.");
        }
    }
}

namespace Orchard;

/// <summary>A token and its log probability. Immutable.</summary>
public sealed class TokenLogprob
{
    /// <summary>The token's id in the model's vocabulary; -1 if the server of a <see cref="ModelSource"/> does not report it.</summary>
    public required int Id { get; init; }

    /// <summary>
    /// The token's text; empty for a control token. A token that holds only part of a character shows replacement characters;
    /// <see cref="Bytes"/> are exact.
    /// </summary>
    public required string Text { get; init; }

    /// <summary>The token's UTF-8 bytes. A character can span several tokens.</summary>
    public required ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>
    /// Natural logarithm of the token's probability, 0 or less, as the model computed it: before bias, penalties and temperature.
    /// </summary>
    public required double Logprob { get; init; }

    /// <summary>
    /// The most probable tokens at this position, most probable first; as many as <see cref="GenerationOptions.TopLogprobs"/> requests.
    /// Empty for a token of such a list.
    /// </summary>
    public IReadOnlyList<TokenLogprob> TopLogprobs { get; init; } = [];
}

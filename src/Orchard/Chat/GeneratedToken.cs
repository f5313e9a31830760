using System.Text;
using Orchard.Protocol.Messages.Deltas;

namespace Orchard;

/// <summary>A token of an answer, and how probable it was. Immutable.</summary>
public sealed record GeneratedToken
{
    /// <summary>The token's id in the model's vocabulary.</summary>
    public required int Id { get; init; }

    /// <summary>Its text; empty for a control token, and with replacement characters where it holds a part of a character. <see cref="Bytes"/> are exact.</summary>
    public required string Text { get; init; }

    /// <summary>Its bytes; several tokens can make up one UTF-8 character.</summary>
    public required ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>Natural logarithm of its probability, 0 or less, as the model gave it: before bias, penalties and temperature.</summary>
    public required double Logprob { get; init; }

    /// <summary>The likeliest tokens at its place, best first: <see cref="GenerationOptions.TopLogprobs"/> of them.</summary>
    public IReadOnlyList<LikelyToken> TopLogprobs { get; init; } = [];

    internal static IReadOnlyList<GeneratedToken> From(TokenScore[]? scores) => scores is null or [] ? [] : [.. scores.Select(From)];

    private static GeneratedToken From(TokenScore score) => new()
    {
        Id = score.Token,
        Text = Encoding.UTF8.GetString(score.Bytes),
        Bytes = score.Bytes,
        Logprob = score.Logprob,
        TopLogprobs =
        [
            .. score.Top.Select(top => new LikelyToken
            {
                Id = top.Token,
                Text = Encoding.UTF8.GetString(top.Bytes),
                Bytes = top.Bytes,
                Logprob = top.Logprob,
            }),
        ],
    };
}

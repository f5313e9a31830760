using System.Text;
using Orchard.Protocol.Messages.Deltas;

namespace Orchard.Calls.Chat;

/// <summary>Maps the log probabilities of the wire to those of the API.</summary>
internal static class LogprobMapping
{
    public static IReadOnlyList<TokenLogprob> From(TokenScore[]? scores) => scores is null or [] ? [] : [.. scores.Select(From)];

    private static TokenLogprob From(TokenScore score) => new()
    {
        Id = score.Token,
        Text = Encoding.UTF8.GetString(score.Bytes),
        Bytes = score.Bytes,
        Logprob = score.Logprob,
        TopLogprobs = From(score.Top),
    };
}

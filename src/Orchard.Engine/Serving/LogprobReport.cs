using System.Globalization;
using Orchard.Engine.Inference;
using Orchard.Engine.Scheduling;
using Orchard.Protocol.Messages;

namespace Orchard.Engine.Serving;

/// <summary>Puts log probabilities into the deltas of one sequence, in the forms its client asked for. Used by one thread at a time.</summary>
internal sealed class LogprobReport(PromptFrame prompt, ITokenizer tokenizer)
{
    private double _sum;

    /// <summary>Whether anything is told for this prompt; with several candidates it is the sum, so that a client can choose the best.</summary>
    public static bool IsWanted(PromptFrame prompt) => prompt.Extensions.Logprobs || prompt.TopLogprobs > 0 || prompt.CandidateCount > 1;

    /// <summary>The delta with what <paramref name="progress"/> tells.</summary>
    public ResponseDelta Add(ResponseDelta delta, in SequenceProgress progress)
    {
        foreach (SampledToken token in progress.Logprobs)
        {
            _sum += token.Logprob;
        }

        if (progress.End is not null)
        {
            delta = delta with { CumulativeLogprob = _sum };
        }

        if (prompt.Extensions.Logprobs)
        {
            return delta with { Logprobs = Scores(progress.Logprobs) };
        }

        // The family tells of one place in each delta: with several tokens in it, of the newest.
        return prompt.TopLogprobs > 0 && !progress.Logprobs.IsEmpty
            ? delta with { TopLogprobs = [.. progress.Logprobs[^1].Top.Select(ToFamilyForm)] }
            : delta;
    }

    private TokenScore[] Scores(ReadOnlySpan<SampledToken> tokens)
    {
        var scores = new TokenScore[tokens.Length];
        for (int i = 0; i < scores.Length; i++)
        {
            TokenScore[] top = [.. tokens[i].Top.Select(entry => new TokenScore(entry.Token, entry.Logprob, BytesOf(entry.Token), []))];
            scores[i] = new TokenScore(tokens[i].Token, tokens[i].Logprob, BytesOf(tokens[i].Token), top);
        }

        return scores;
    }

    private TokenLogprob ToFamilyForm(CandidateLogprob entry) =>
        new(entry.Token.ToString(CultureInfo.InvariantCulture), entry.Logprob, BytesOf(entry.Token));

    private byte[] BytesOf(int token)
    {
        Span<byte> piece = stackalloc byte[256];
        int length = tokenizer.GetBytes(token, piece);
        if (length >= 0)
        {
            return piece[..length].ToArray();
        }

        byte[] bytes = new byte[-length];
        _ = tokenizer.GetBytes(token, bytes);
        return bytes;
    }
}

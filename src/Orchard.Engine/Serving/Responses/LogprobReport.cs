using System.Globalization;
using Orchard.Engine.Inference;
using Orchard.Engine.Scheduling;
using Orchard.Protocol.Messages.Deltas;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Serving.Responses;

/// <summary>
/// Adds log probabilities to the deltas of one sequence in the forms that its request asked for. Used by one thread at a time.
/// </summary>
internal sealed class LogprobReport(WirePrompt prompt, ITokenizer tokenizer)
{
    private double _sum;

    /// <summary>
    /// Returns whether a prompt needs log probabilities. With several candidates, final deltas contain the sum, so that the client
    /// can choose the best candidate.
    /// </summary>
    public static bool IsWanted(WirePrompt prompt) => prompt.Extensions.Logprobs || prompt.TopLogprobs > 0 || prompt.CandidateCount > 1;

    /// <summary>Processes the progress of one step.</summary>
    /// <param name="progress">The progress.</param>
    /// <param name="extras">Receives the Orchard form and the sum; created if necessary.</param>
    /// <returns>The PIE form; null if it is not wanted.</returns>
    public TokenLogprob[]? Add(in SequenceProgress progress, ref DeltaExtras? extras)
    {
        foreach (SampledToken token in progress.Logprobs)
        {
            _sum += token.Logprob;
        }

        if (progress.End is not null)
        {
            (extras ??= new DeltaExtras()).CumulativeLogprob = _sum;
        }

        if (prompt.Extensions.Logprobs)
        {
            (extras ??= new DeltaExtras()).Logprobs = ToScores(progress.Logprobs);
            return null;
        }

        // The PIE form has one position per delta: that of the last token.
        return prompt.TopLogprobs > 0 && !progress.Logprobs.IsEmpty ? [.. progress.Logprobs[^1].Top.Select(ToTopLogprob)] : null;
    }

    private TokenScore[] ToScores(ReadOnlySpan<SampledToken> tokens)
    {
        var scores = new TokenScore[tokens.Length];
        for (int i = 0; i < scores.Length; i++)
        {
            TokenScore[] top = [.. tokens[i].Top.Select(entry => new TokenScore(entry.Token, entry.Logprob, BytesOf(entry.Token), []))];
            scores[i] = new TokenScore(tokens[i].Token, tokens[i].Logprob, BytesOf(tokens[i].Token), top);
        }

        return scores;
    }

    private TokenLogprob ToTopLogprob(CandidateLogprob entry) =>
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

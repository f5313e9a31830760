namespace Orchard.EndToEnd.Tests.Architectures;

/// <summary>Compares answers token by token.</summary>
internal static class Answers
{
    /// <summary>Rounding of 16-bit numbers in the KV cache; a wrong computation makes tenths and more.</summary>
    public const double Tolerance = 1e-3;

    /// <summary>Fails unless both answers have the same tokens with the same probabilities.</summary>
    /// <param name="expected">The tokens of one answer.</param>
    /// <param name="actual">The tokens of the other one.</param>
    /// <param name="tolerance">Most that the logarithms of probabilities may differ; 0 for equality to the last bit.</param>
    public static void AssertSame(IReadOnlyList<TokenLogprob> expected, IReadOnlyList<TokenLogprob> actual, double tolerance)
    {
        for (int i = 0; i < expected.Count; i++)
        {
            Assert.True(actual.Count > i, $"{actual.Count} tokens of {expected.Count}");
            if (expected[i].Id != actual[i].Id && IsTie(expected[i], tolerance))
            {
                return; // what follows differs rightly
            }

            Assert.True(expected[i].Id == actual[i].Id, $"token {i} is {actual[i].Id} instead of {expected[i].Id}");
            double difference = Math.Abs(expected[i].Logprob - actual[i].Logprob);
            Assert.True(difference <= tolerance, $"the log probability of token {i} differs by {difference:G3}");
        }
    }

    private static bool IsTie(TokenLogprob token, double tolerance) =>
        token.TopLogprobs is [var first, var second, ..] && first.Logprob - second.Logprob <= tolerance;
}

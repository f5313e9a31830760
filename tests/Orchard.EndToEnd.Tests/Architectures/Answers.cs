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
    /// <param name="isGreedy">Whether each token is the most probable one; otherwise it was drawn with the same seed.</param>
    public static void AssertSame(
        IReadOnlyList<TokenLogprob> expected, IReadOnlyList<TokenLogprob> actual, double tolerance, bool isGreedy = true)
    {
        for (int i = 0; i < expected.Count; i++)
        {
            Assert.True(actual.Count > i, $"{actual.Count} tokens of {expected.Count}");
            double difference = expected[i].TopLogprobs
                .Zip(actual[i].TopLogprobs, static (one, other) => Math.Abs(one.Logprob - other.Logprob))
                .Max();
            Assert.True(difference <= tolerance, $"the log probabilities at token {i} differ by {difference:G3}");
            if (expected[i].Id != actual[i].Id)
            {
                bool isRounding = tolerance > 0 && (!isGreedy || IsTie(expected[i], tolerance));
                Assert.True(isRounding, $"token {i} is {actual[i].Id} instead of {expected[i].Id}");
                return; // by rounding, the other of two choices was made; what follows differs rightly
            }
        }
    }

    private static bool IsTie(TokenLogprob token, double tolerance) =>
        token.TopLogprobs is [var first, var second, ..] && first.Logprob - second.Logprob <= tolerance;
}

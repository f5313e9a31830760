using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Sampling;
using Orchard.Grammars.Tokens;

namespace Orchard.Engine.Tests.Inference;

public sealed class SamplerTests
{
    private static readonly SamplingParameters Draw = new() { Temperature = 1, Seed = 42 };

    [Fact]
    public void Greedy_TakesTheLargest() => Assert.Equal(2, Sample(SamplingParameters.Greedy, 0, 1, 5, 4));

    [Fact]
    public void Greedy_OfEquals_TakesTheFirst() => Assert.Equal(1, Sample(SamplingParameters.Greedy, 0, 5, 5, 4));

    [Fact]
    public void Greedy_Bias_Counts() =>
        Assert.Equal(3, Sample(SamplingParameters.Greedy with { LogitBias = [(2, -100), (3, 1.5f), (99, 1000), (-1, 1000), (0, float.NaN)] }, 0, 1, 5, 4));

    [Fact]
    public void Greedy_NaN_NeverWins() => Assert.Equal(2, Sample(SamplingParameters.Greedy, float.NaN, 1, 5, float.NaN));

    public static TheoryData<float[]> UnusableLogits { get; } = new(
        [],
        [float.NaN, float.NaN],
        [float.NegativeInfinity, float.NaN]);

    [Theory]
    [MemberData(nameof(UnusableLogits))]
    public void NoUsableLogit_Throws(float[] logits)
    {
        Assert.Throws<DecodeException>(() => Sample(SamplingParameters.Greedy, logits));
        Assert.Throws<DecodeException>(() => Sample(Draw, logits));
        Assert.Throws<DecodeException>(() => Sample(SamplingParameters.Greedy with { RepetitionPenalty = 2, PenaltyWindow = 8 }, logits));
    }

    [Fact]
    public void Draw_NaNAndInfinity_AreSurvived()
    {
        for (uint seed = 0; seed < 50; seed++)
        {
            SamplingParameters parameters = Draw with { Seed = seed, TopK = 3, TopP = 0.9f, MinP = 0.01f };
            Assert.Equal(1, Sample(parameters, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 3, float.NaN));
        }
    }

    [Fact]
    public void Draw_FollowsTheProbabilities()
    {
        ISampler sampler = SamplerFactory.Create(Draw, new CandidateSet(3));
        int[] counts = new int[3];
        for (int i = 0; i < 4_000; i++)
        {
            counts[sampler.Sample([MathF.Log(0.5f), MathF.Log(0.3f), MathF.Log(0.2f)])]++;
        }

        Assert.InRange(counts[0], 1_800, 2_200);
        Assert.InRange(counts[1], 1_050, 1_350);
    }

    [Fact]
    public void TopK_KeepsThatMany() => Assert.Equal([1, 3], Drawn(Draw with { TopK = 2, Temperature = 5 }));

    [Fact]
    public void TypicalP_KeepsSurprisalNearEntropy()
    {
        // Two tokens at 0.45 each and two at 0.05: the entropy is between their surprisals, closer to that of the probable ones.
        ISampler sampler = SamplerFactory.Create(Draw with { TypicalP = 0.8f }, new CandidateSet(4));

        int[] drawn = [.. Enumerable.Range(0, 500)
            .Select(_ => sampler.Sample([MathF.Log(0.05f), MathF.Log(0.45f), MathF.Log(0.05f), MathF.Log(0.45f)])).Distinct().Order()];

        Assert.Equal([1, 3], drawn);
    }

    [Fact]
    public void Xtc_AlwaysAboveTheThreshold_LeavesTheLeastProbableOfThem() =>
        Assert.Equal([0, 1, 2], Drawn(Draw with { Xtc = new(1, 0.2), Temperature = 2 }));

    [Fact]
    public void Mirostat_LowTarget_CutsTheTail() =>
        Assert.Equal([3], Drawn(Draw with { Mirostat = new(0.01, 0), Temperature = 1 }));

    [Fact]
    public void Mirostat_Seed_Repeats()
    {
        static int[] Run(uint seed)
        {
            ISampler sampler = SamplerFactory.Create(new() { Temperature = 1, Seed = seed, Mirostat = new(5, 0.1) }, new CandidateSet(8));
            return [.. Enumerable.Range(0, 40).Select(_ => sampler.Sample(new float[8]))];
        }

        Assert.Equal(Run(3), Run(3));
        Assert.NotEqual(Run(3), Run(4));
    }

    [Fact]
    public void Mirostat_ManyTokens_SurprisalIsTheTarget()
    {
        const int Vocabulary = 500;
        const double Target = 4;
        var random = new Random(11);
        var candidates = new CandidateSet(Vocabulary);
        var selector = new MirostatSelector(new(Target, 0.1), 1, 1, candidates);
        double sum = 0;
        for (int i = 0; i < 2_000; i++)
        {
            float[] logits = [.. Enumerable.Range(0, Vocabulary).Select(_ => random.NextSingle() * 10)];
            int token = selector.Select(logits)!.Value;
            selector.Accept(token);
            sum -= Math.Log2(Math.Exp(logits[token]) / candidates.Tokens.ToArray().Sum(kept => Math.Exp(logits[kept])));
        }

        Assert.Equal(Target, sum / 2_000, 0.1);
    }

    [Fact]
    public void Dry_BreakerOfSeveralTokens_EndsTheRepetition()
    {
        var letters = new Letters();
        DryPenalty with = new(new(1, 2, 1, 64, ["cd"]), letters);
        DryPenalty without = new(new(1, 2, 1, 64, ["dc"]), letters);
        foreach (char letter in "abcdxabcd")
        {
            with.Accept(letter - 'a');
            without.Accept(letter - 'a');
        }

        Assert.Equal(0, Applied(with)['x' - 'a']);
        Assert.Equal(-8, Applied(without)['x' - 'a']); // 2 to the power of 4 - 1

        static float[] Applied(DryPenalty penalty)
        {
            float[] logits = new float[26];
            penalty.Apply(logits);
            return logits;
        }
    }

    [Fact]
    public void Logprobs_AreTheLogSoftmaxOfWhatTheModelSaid_WhateverSamplingDoes()
    {
        float[] logits = [-2, 2, -1, 3, float.NegativeInfinity, float.NaN];
        double sum = logits.Where(float.IsFinite).Sum(logit => Math.Exp(logit));
        SamplingParameters parameters = Draw with { Logprobs = true, TopLogprobs = 3, Temperature = 3, TopK = 2, LogitBias = [(0, 50)], RepetitionPenalty = 2, PenaltyWindow = 8 };
        ISampler sampler = SamplerFactory.Create(parameters, new CandidateSet(logits.Length));

        for (int i = 0; i < 20; i++)
        {
            int token = sampler.Sample([.. logits]);

            SampledToken reported = sampler.LastSampled!;
            Assert.Equal(token, reported.Token);
            Assert.Equal(Math.Log(Math.Exp(logits[token]) / sum), reported.Logprob, 6);
            Assert.Equal([3, 1, 2], reported.Top.Select(entry => entry.Token));
            Assert.All(reported.Top, entry => Assert.Equal(Math.Log(Math.Exp(logits[entry.Token]) / sum), entry.Logprob, 6));
        }
    }

    [Fact]
    public void Logprobs_NotRequested_AreNotReported()
    {
        ISampler sampler = SamplerFactory.Create(Draw, new CandidateSet(3));
        sampler.Sample([1, 2, 3]);

        Assert.Null(sampler.LastSampled);
    }

    [Fact]
    public void TopP_KeepsTheMostProbable() => Assert.Equal([3], Drawn(Draw with { TopP = 0.3f }));

    [Fact]
    public void MinP_DropsTheImprobable() => Assert.Equal([1, 3], Drawn(Draw with { MinP = 0.2f }));

    [Fact]
    public void LogitBias_BansAToken() => Assert.Equal([1], Drawn(Draw with { TopK = 1, LogitBias = [(3, float.NegativeInfinity)] }));

    [Theory]
    [InlineData(float.NaN, 1)]
    [InlineData(-3, 1)]
    [InlineData(0, 1)]
    public void Temperature_NotPositive_IsGreedy(float temperature, int expected) =>
        Assert.Equal(expected, Sample(Draw with { Temperature = temperature }, 1, 2, 0));

    [Theory]
    [InlineData(1e-30f)]
    [InlineData(1e-4f)]
    public void Temperature_Tiny_IsAsGoodAsGreedy(float temperature) => Assert.Equal(1, Sample(Draw with { Temperature = temperature }, 1, 2, 0));

    [Fact]
    public void Parameters_Nonsense_AreSurvived()
    {
        float[] odd = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0, -1, 1e38f];
        foreach (float value in odd)
        {
            SamplingParameters parameters = new()
            {
                Temperature = Math.Max(value, 1),
                TopK = int.MaxValue,
                TopP = value,
                MinP = value,
                PenaltyWindow = int.MaxValue,
                RepetitionPenalty = value,
                FrequencyPenalty = value,
                PresencePenalty = value,
                LogitBias = [(0, value)],
            };
            ISampler sampler = SamplerFactory.Create(parameters, new CandidateSet(3));
            for (int i = 0; i < 10; i++)
            {
                Assert.InRange(sampler.Sample([1, -2, 3]), 0, 2);
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void PresencePenalty_MovesOnFromUsedTokens(float temperature)
    {
        SamplingParameters parameters = new() { Temperature = temperature, TopK = 1, PresencePenalty = 10, PenaltyWindow = 2 };
        ISampler sampler = SamplerFactory.Create(parameters, new CandidateSet(3));

        int[] tokens = [.. Enumerable.Range(0, 4).Select(_ => sampler.Sample([5, 4, 3]))];

        Assert.Equal([0, 1, 2, 0], tokens); // the first is allowed again when it has left the window
    }

    [Theory]
    [InlineData(1, new[] { 0, 1, 0, 1, 0, 1 })]
    [InlineData(2, new[] { 0, 1, 2, 0, 1, 2 })]
    [InlineData(3, new[] { 0, 1, 2, 3, 0, 1 })]
    public void PresencePenalty_Window_IsAsLongAsRequested(int window, int[] expected)
    {
        SamplingParameters parameters = new() { Temperature = 0, PresencePenalty = 10, PenaltyWindow = window };
        ISampler sampler = SamplerFactory.Create(parameters, new CandidateSet(5));

        Assert.Equal(expected, Enumerable.Range(0, 6).Select(_ => sampler.Sample([5, 4, 3, 2, 1])));
    }

    [Fact]
    public void RepetitionPenalty_WindowOfNone_IsOff()
    {
        SamplingParameters parameters = new() { Temperature = 0, RepetitionPenalty = 100, PenaltyWindow = 0 };
        ISampler sampler = SamplerFactory.Create(parameters, new CandidateSet(3));

        Assert.All(Enumerable.Range(0, 4), _ => Assert.Equal(0, sampler.Sample([5, 4, 3])));
    }

    [Fact]
    public void Seed_Same_GivesTheSameTokens()
    {
        Assert.Equal(Run(7), Run(7));
        Assert.NotEqual(Run(7), Run(8));
        Assert.Equal(Run(uint.MaxValue), Run(uint.MaxValue));

        static int[] Run(uint seed)
        {
            ISampler sampler = SamplerFactory.Create(Draw with { Seed = seed }, new CandidateSet(8));
            return [.. Enumerable.Range(0, 40).Select(_ => sampler.Sample(new float[8]))];
        }
    }

    private static int Sample(SamplingParameters parameters, params float[] logits)
    {
        ISampler sampler = SamplerFactory.Create(parameters, new CandidateSet(logits.Length));
        return sampler.Sample(logits);
    }

    /// <summary>The tokens drawn in many rounds, in order.</summary>
    private static int[] Drawn(SamplingParameters parameters)
    {
        ISampler sampler = SamplerFactory.Create(parameters, new CandidateSet(4));
        return [.. Enumerable.Range(0, 500).Select(_ => sampler.Sample([-2, 2, -1, 3])).Distinct().Order()];
    }

    /// <summary>A vocabulary of letters.</summary>
    private sealed class Letters : ITokenBytes
    {
        public ReadOnlySpan<byte> GetBytes(int token) => new byte[] { (byte)('a' + token) };
    }
}

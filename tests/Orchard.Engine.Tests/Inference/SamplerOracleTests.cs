using System.Text;
using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Sampling;

namespace Orchard.Engine.Tests.Inference;

/// <summary>The samplers do what those of llama.cpp do, on random logits of a fixed seed.</summary>
public sealed class SamplerOracleTests(StarterModel starter) : IClassFixture<StarterModel>
{
    private const int Steps = 400;

    [Theory]
    [InlineData(1.3f, 0, 0, 64)]
    [InlineData(0.7f, 0, 0, 16)]
    [InlineData(1, 0.4f, 0, 64)]
    [InlineData(1, 0, 1.5f, 8)]
    [InlineData(1, -0.3f, -0.5f, 32)]
    [InlineData(1.1f, 0.2f, 0.3f, 1)]
    [InlineData(2, 1, 1, 1_000)]
    public void Penalties_GiveEachLogitTheValueOfTheLibrary(float repetition, float frequency, float presence, int window)
    {
        const int Vocabulary = 24;
        var random = new Random(11);
        using LibraryChain library = new LibraryChain().Penalties(Vocabulary, window, repetition, frequency, presence);
        var penalties = new RepetitionPenalties(window, repetition, frequency, presence);

        for (int step = 0; step < Steps; step++)
        {
            float[] logits = Logits(random, Vocabulary);
            Dictionary<int, float> expected = library.Apply(logits);

            penalties.Apply(logits);

            AssertEqual(expected, logits, step);
            int next = random.Next(Vocabulary);
            library.Accept(next);
            penalties.Accept(next);
        }
    }

    [Theory]
    [InlineData(0.8f, 1.75f, 2, 1_024)]
    [InlineData(2, 1.1f, 1, 20)]
    [InlineData(1, 3, 0, 16)]
    [InlineData(0.5f, 1, 3, 64)]
    public void Dry_GivesEachLogitTheValueOfTheLibrary(float multiplier, float baseValue, int allowedLength, int window)
    {
        string[] breakers = ["\n", ":", "\"", "*"];
        int vocabulary = starter.Model.VocabularySize;
        int[] used = [.. Tokens("the cat sat on a mat\n: and"), .. Tokens("\"")];
        var random = new Random(11);
        using LibraryChain library = new LibraryChain().Dry(starter.Model.Handle, multiplier, baseValue, allowedLength, window, breakers);
        var penalty = new DryPenalty(new(multiplier, baseValue, allowedLength, window, breakers), starter.Model.TokenBytes);
        var history = new List<int>();
        int penalized = 0;

        for (int step = 0; step < Steps; step++)
        {
            float[] logits = new float[vocabulary];
            Dictionary<int, float> expected = library.Apply(logits);

            penalty.Apply(logits);

            AssertEqual(expected, logits, step);
            penalized += logits.Count(logit => logit < 0);

            // Mostly what was there before, so that there are long repetitions.
            int next = history.Count > 12 && random.Next(6) > 0 ? history[^random.Next(9, 12)] : used[random.Next(used.Length)];
            history.Add(next);
            library.Accept(next);
            penalty.Accept(next);
        }

        Assert.True(penalized > Steps / 4, $"only {penalized} logits were penalized: the test could not fail");
    }

    [Fact]
    public void Narrowing_KeepsTheCandidatesOfTheLibrary()
    {
        var random = new Random(11);
        for (int round = 0; round < Steps; round++)
        {
            int vocabulary = random.Next(1, 2_000);
            float[] logits = Logits(random, vocabulary);
            (int topK, float typical, float topP, float minP) =
                (random.Next(1, 2 * vocabulary), random.NextSingle(), random.NextSingle(), random.NextSingle() * 0.2f);
            bool[] uses = [.. Enumerable.Range(0, 4).Select(_ => random.Next(2) == 0)];
            using var library = new LibraryChain();
            var candidates = new CandidateSet(vocabulary);
            Assert.True(candidates.TryFill(logits));
            if (uses[0])
            {
                library.TopK(topK);
                candidates.KeepTopK(topK);
            }

            if (uses[1])
            {
                library.Typical(typical);
                candidates.KeepTypical(typical);
            }

            if (uses[2])
            {
                library.TopP(topP);
                candidates.KeepTopP(topP);
            }

            if (uses[3])
            {
                library.MinP(minP);
                candidates.KeepMinP(minP);
            }

            AssertSame(library.Apply(logits), candidates, $"round {round}: top-k {topK}, typical-p {typical}, top-p {topP}, min-p {minP}, used {string.Join(' ', uses)}");
        }
    }

    [Fact]
    public void Xtc_ExcludesTheCandidatesOfTheLibrary()
    {
        var random = new Random(11);
        for (int round = 0; round < Steps; round++)
        {
            float[] logits = Logits(random, random.Next(1, 40));
            float threshold = random.NextSingle() / 2;
            using LibraryChain library = new LibraryChain().Xtc(1, threshold);
            var candidates = new CandidateSet(logits.Length);
            candidates.TryFill(logits);

            candidates.ExcludeTopChoices(threshold);

            AssertSame(library.Apply(logits), candidates, $"round {round}: threshold {threshold}");
        }
    }

    [Fact]
    public void Mirostat_DrawsAmongTheCandidatesOfTheLibrary()
    {
        var random = new Random(11);
        for (int round = 0; round < Steps; round++)
        {
            float[] logits = Logits(random, random.Next(1, 200));
            (float temperature, float tau) = (0.3f + random.NextSingle(), 6 * random.NextSingle());
            using LibraryChain library = new LibraryChain().Temperature(temperature).Mirostat(tau, 0.1f);
            var candidates = new CandidateSet(logits.Length);

            _ = new MirostatSelector(new(tau, 0.1f), temperature, 1, candidates).Select(logits);

            AssertSame(library.Apply(logits), candidates, $"round {round}: temperature {temperature}, tau {tau}");
        }
    }

    private static void AssertEqual(Dictionary<int, float> expected, float[] logits, int step)
    {
        for (int token = 0; token < logits.Length; token++)
        {
            float difference = Math.Abs(expected[token] - logits[token]);
            Assert.True(difference <= 1e-5f * Math.Max(1, Math.Abs(logits[token])), $"step {step}, token {token}: {logits[token]}, library {expected[token]}");
        }
    }

    private static void AssertSame(Dictionary<int, float> expected, CandidateSet candidates, string what) =>
        Assert.True(
            expected.Keys.Order().SequenceEqual(candidates.Tokens.ToArray()),
            $"{what}: the library keeps {string.Join(' ', expected.Keys.Order())}, and not {string.Join(' ', candidates.Tokens.ToArray())}");

    private static float[] Logits(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 12) - 6)];

    private int[] Tokens(string text) => starter.Model.Tokenize(Encoding.UTF8.GetBytes(text), addSpecial: false, parseSpecial: false);
}

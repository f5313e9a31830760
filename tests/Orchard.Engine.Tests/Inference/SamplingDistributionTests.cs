using System.Globalization;
using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Sampling;

namespace Orchard.Engine.Tests.Inference;

/// <summary>
/// Compares the distribution of sampled tokens with <see cref="SamplingReference"/> by a chi-square test, with a fixed seed. For longer runs,
/// set <c>ORCHARD_SAMPLING_DRAWS=20000</c> and another <c>ORCHARD_SAMPLING_SEED</c>.
/// </summary>
public sealed class SamplingDistributionTests(ITestOutputHelper output)
{
    private const int Vocabulary = 96;
    private const double LeastExpected = 5; // of a cell; rarer tokens are counted together

    // Of the standard normal: exceeded once in three million times by chance.
    private const double Limit = 5;

    private static readonly int Draws = Setting("ORCHARD_SAMPLING_DRAWS", 4_000);
    private static readonly int Seed = Setting("ORCHARD_SAMPLING_SEED", 11);

    public static TheoryData<string> Cases => [.. Parameters.Keys];

    private static Dictionary<string, SamplingParameters> Parameters { get; } = new()
    {
        ["temperature 1"] = new() { Temperature = 1 },
        ["temperature 0.5"] = new() { Temperature = 0.5f },
        ["temperature 2"] = new() { Temperature = 2 },
        ["top-k 5"] = new() { TopK = 5 },
        ["top-k 40"] = new() { TopK = 40, Temperature = 1.5f },
        ["top-p 0.5"] = new() { TopP = 0.5f },
        ["top-p 0.9"] = new() { TopP = 0.9f, Temperature = 0.7f },
        ["min-p 0.05"] = new() { MinP = 0.05f },
        ["min-p 0.3"] = new() { MinP = 0.3f, Temperature = 2 },
        ["typical-p 0.5"] = new() { TypicalP = 0.5f },
        ["typical-p 0.9"] = new() { TypicalP = 0.9f },
        ["all of them"] = new() { TopK = 30, TypicalP = 0.95f, TopP = 0.9f, MinP = 0.02f, Temperature = 1.3f },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Draws_AreDistributedAsTheReferenceSays(string name)
    {
        SamplingParameters parameters = Parameters[name] with { Seed = (uint)Seed };
        float[] logits = Logits(new Random(Seed));
        double[] expected = SamplingReference.Probabilities(logits, parameters);

        int[] counts = Count(parameters, logits);

        Assert.All(Enumerable.Range(0, Vocabulary), token => Assert.True(counts[token] == 0 || expected[token] > 0, $"token {token} was drawn, which is cut off"));
        (double deviation, int cells) = ChiSquare(counts, expected);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {Draws} draws, {cells} cells, {deviation:F2} standard deviations"));
        Assert.True(deviation < Limit, $"{deviation:F2} standard deviations over {cells} cells");
    }

    [Fact]
    public void ChiSquare_OfAnotherTemperature_IsFarOff()
    {
        float[] logits = Logits(new Random(Seed));

        (double deviation, _) = ChiSquare(
            Count(new() { Temperature = 1.2f, Seed = 1 }, logits), SamplingReference.Probabilities(logits, new() { Temperature = 1 }));

        Assert.True(deviation > Limit, $"only {deviation:F2}: the test could not fail");
    }

    private static float[] Logits(Random random) => [.. Enumerable.Range(0, Vocabulary).Select(_ => (float)((random.NextDouble() * 8) - 4))];

    private static int[] Count(SamplingParameters parameters, float[] logits)
    {
        ISampler sampler = SamplerFactory.Create(parameters, new CandidateSet(Vocabulary));
        var counts = new int[Vocabulary];
        var copy = new float[Vocabulary];
        for (int draw = 0; draw < Draws; draw++)
        {
            logits.CopyTo(copy, 0); // a sampler may change them
            counts[sampler.Sample(copy)]++;
        }

        return counts;
    }

    // By Wilson and Hilferty the cube root of chi-square over its degrees of freedom is nearly normal.
    private static (double Deviation, int Cells) ChiSquare(int[] counts, double[] expected)
    {
        double sum = 0;
        double restExpected = 0;
        int rest = 0;
        int cells = 0;
        for (int token = 0; token < Vocabulary; token++)
        {
            double mean = expected[token] * Draws;
            if (mean < LeastExpected)
            {
                restExpected += mean;
                rest += counts[token];
                continue;
            }

            sum += (counts[token] - mean) * (counts[token] - mean) / mean;
            cells++;
        }

        if (restExpected >= LeastExpected)
        {
            sum += (rest - restExpected) * (rest - restExpected) / restExpected;
            cells++;
        }

        double freedom = cells - 1;
        double variance = 2 / (9 * freedom);
        return freedom < 1 ? (0, cells) : ((Math.Cbrt(sum / freedom) - (1 - variance)) / Math.Sqrt(variance), cells);
    }

    private static int Setting(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : otherwise;
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Orchard.TestSupport;

namespace Orchard.StarterVision.Tests;

/// <summary>Many callers at the same time, some with pictures and some without.</summary>
public sealed class MixedLoadTests(VisionFixture fixture, ITestOutputHelper output) : IClassFixture<VisionFixture>
{
    private const string Model = HeldOutPicturesTests.Model;
    private const int Callers = 16;
    private const int Pictures = 200;
    private const double LeastRight = 0.87; // of 200; of all 500 it is 0.89
    private const int Rounds = 30;
    private const int FirstRounds = 5; // in which caches fill and the runtime compiles
    private const double MostGrowth = 1.03;

    private static readonly GenerationOptions Greedy = new() { Temperature = 0, MaxOutputTokens = 20 };

    public static bool IsStress => Environment.GetEnvironmentVariable("ORCHARD_STRESS") == "1";

    [Fact]
    public async Task Chat_TwoHundredPicturesBesideTexts_AllAreAnswered()
    {
        await fixture.RequireImagesAsync();

        await RunAsync(fixture.Client, Pictures, 0, static _ => { });
    }

    [Fact(Skip = "on demand: ORCHARD_STRESS=1", SkipUnless = nameof(IsStress))]
    public async Task Chat_TwoHundredPicturesBesideTexts_TheMemoryOfTheEngineStaysAsItIs()
    {
        await fixture.RequireImagesAsync();
        for (int round = 0; round < FirstRounds; round++)
        {
            await RunAndMeasureAsync(fixture.Client, round);
        }

        (double second, double last) = await RunAndMeasureAsync(fixture.Client, FirstRounds);

        Assert.True(last <= MostGrowth * second, $"The resident memory grew from {second:0.0} to {last:0.0} MiB.");
    }

    [Fact(Skip = "on demand: ORCHARD_STRESS=1", SkipUnless = nameof(IsStress))]
    public async Task Chat_PicturesAgainAndAgain_TheMemoryOfTheEngineStaysAsItIs()
    {
        await fixture.RequireImagesAsync();
        var medians = new List<double>();
        for (int round = 0; round < Rounds; round++)
        {
            (double second, double last) = await RunAndMeasureAsync(fixture.Client, round);
            medians.AddRange([second, last]);
        }

        double middle = Median([.. medians.Skip(medians.Count / 3).Take(medians.Count / 3)]);
        double end = Median([.. medians.TakeLast(medians.Count / 3)]);
        Assert.True(end <= MostGrowth * middle, $"The engine grew from {middle:0.0} to {end:0.0} MiB.");
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    private async Task<(double Second, double Last)> RunAndMeasureAsync(Client client, int round)
    {
        using Process engine = Process.GetProcessById(client.EngineStatus.ProcessId!.Value);
        var resident = new ConcurrentQueue<(int Call, long Bytes)>();
        await RunAsync(client, Pictures, round, call =>
        {
            engine.Refresh();
            resident.Enqueue((call, engine.WorkingSet64));
        });

        double second = MedianMegabytes(resident, quarter: 1);
        double last = MedianMegabytes(resident, quarter: 3);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"resident, second quarter {second:0.0} MiB, last {last:0.0} MiB, ratio {last / second:0.000}"));
        return (second, last);
    }

    private static double MedianMegabytes(ConcurrentQueue<(int Call, long Bytes)> resident, int quarter) => Median(
    [
        .. resident.OrderBy(static sample => sample.Call)
            .Skip(resident.Count * quarter / 4).Take(resident.Count / 4)
            .Select(static sample => sample.Bytes / (double)(1 << 20)),
    ]);

    // Bytes behind the end of a picture make another file of it, which is encoded again.
    private static byte[] Copy(byte[] picture, int number) => [.. picture, .. BitConverter.GetBytes(number)];

    // A caller asks about one picture and then without one, so that both always run beside each other.
    private async Task RunAsync(Client client, int pictures, int round, Action<int> onAnswer)
    {
        IReadOnlyList<HeldOutQuestion> questions = [.. HeldOutQuestion.ReadAll().Take(Pictures)];
        int next = -1;
        int right = 0;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
        {
            while (Interlocked.Increment(ref next) is int call && call < pictures)
            {
                HeldOutQuestion question = questions[call % questions.Count];
                Message message = Message.User([ContentPart.Image(Copy(question.Picture, round)), new TextPart(question.Question)]);
                ChatResult seen = await client.ChatAsync(Model, [message], Greedy).OrBroken($"the answer to \"{question.Question}\"");
                _ = seen.Text == question.Answer ? Interlocked.Increment(ref right) : 0;

                ChatResult text = await client.ChatAsync(Model, "What is the capital of France?", Greedy).OrBroken("an answer");
                Assert.Contains("Paris", text.Text, StringComparison.Ordinal);
                onAnswer(call);
            }
        }));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{right} of {pictures} answers about pictures are right"));
        Assert.True(right >= LeastRight * pictures, $"{right} of {pictures} answers are right.");
    }
}

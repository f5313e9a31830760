using Orchard.Benchmarks.Models;
using Orchard.Benchmarks.Throughput;
using static Orchard.Benchmarks.Statistics;

namespace Orchard.Benchmarks.Prefix;

/// <summary>The second turn of a chat, which begins with all of the first: its time to the first token, beside that of the first turn.</summary>
internal static class PrefixBenchmark
{
    private const int NewTokens = 40;

    public static async Task RunAsync(Arguments arguments, Reporter reporter)
    {
        int runs = arguments.Number("runs", 5);
        int shared = arguments.Number("shared", 2000);
        foreach (string name in (arguments.Text("models") ?? "100m,hybrid").Split(','))
        {
            using ModelUnderTest model = await ModelUnderTest.LoadAsync(name);
            await RunAsync(model, shared, runs, reporter);
        }
    }

    private static async Task RunAsync(ModelUnderTest model, int shared, int runs, Reporter reporter)
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync(model);
        var cold = new List<double>();
        var warm = new List<double>();
        int cached = 0;
        for (int run = -1; run < runs; run++)
        {
            byte[] first = model.CreatePrompt(shared);
            byte[] second = [.. first, .. model.CreatePrompt(NewTokens)];
            StreamTimes coldTurn = await engine.StreamAsync(first, 4);
            StreamTimes warmTurn = await engine.StreamAsync(second, 4);
            cached = warmTurn.CachedTokens;
            if (run >= 0)
            {
                cold.Add(coldTurn.FirstMilliseconds);
                warm.Add(warmTurn.FirstMilliseconds);
            }
        }

        Reporter.Note($"{model}: {shared} shared tokens; the engine took {cached} of them from its cache in the last run");
        reporter.Add(new Result("prefix", $"{model.Name} second turn", Median(warm), "ms", Median(cold), runs));
    }
}

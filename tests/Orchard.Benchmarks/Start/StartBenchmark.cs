using Orchard.Benchmarks.Models;
using Orchard.Benchmarks.Throughput;
using Orchard.TestModels;
using static Orchard.Benchmarks.Statistics;

namespace Orchard.Benchmarks.Start;

/// <summary>
/// From the start of a program to its first token of the starter model, with no engine running: with the files of engine and model in
/// the system's memory, and without.
/// </summary>
internal static class StartBenchmark
{
    private const double WarmLimit = 500;

    public static async Task RunAsync(Arguments arguments, Reporter reporter)
    {
        int runs = arguments.Number("runs", 11);
        var warm = new List<double>();
        var cold = new List<double>();
        await FirstToken.MeasureAsync();
        for (int run = 0; run < runs; run++)
        {
            warm.Add(await FirstToken.MeasureAsync());
            if (FileCache.CanDrop)
            {
                FileCache.Drop(Path.GetDirectoryName(EngineUnderTest.Executable)!);
                cold.Add(await FirstToken.MeasureAsync());
            }
        }

        reporter.Add(new Result("start", "start-warm", Median(warm), "ms", WarmLimit, runs));
        const double KeptFactor = 0.1;
        (double First, double Second)[] kept = new (double, double)[arguments.Number("kept-runs", 3)];
        string model = arguments.Text("kept-model") ?? SyntheticModel.Ensure(Shape.HundredMillion);
        for (int run = 0; run < kept.Length; run++)
        {
            kept[run] = await FirstToken.MeasureKeptAsync(model);
        }

        double first = Median([.. kept.Select(static times => times.First)]);
        reporter.Add(new Result("start", "start-kept", Median([.. kept.Select(static times => times.Second)]), "ms", first * KeptFactor, kept.Length));
        if (cold.Count > 0)
        {
            reporter.Add(new Result("start", "start-cold", Median(cold), "ms", Median(warm), runs));
        }
    }
}

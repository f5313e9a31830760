using static Orchard.Benchmarks.Statistics;

namespace Orchard.Benchmarks.Ensure;

/// <summary>
/// What it costs that many callers need the same cold model at once: the time beyond that of one caller, and the memory of each wait.
/// Real client code; the engine is scripted and in memory.
/// </summary>
internal static class EnsureBenchmark
{
    private const string Name = "ensure";
    private const double ExtraMillisecondsLimit = 50;
    private const double BytesPerWaiterLimit = 1000;

    public static async Task RunAsync(Arguments arguments, Reporter reporter)
    {
        int callers = arguments.Number("callers", 10_000);
        int runs = arguments.Number("runs", 9);
        int seed = arguments.Number("seed", 1);
        string model = Path.Combine(Path.GetTempPath(), $"orchard-ensure-{Guid.NewGuid():N}.gguf");
        await File.WriteAllBytesAsync(model, []);
        try
        {
            await MeasureAsync(model, callers, runs, seed, reporter);
            await CancelAllAsync(model, callers, seed);
        }
        finally
        {
            File.Delete(model);
        }
    }

    private static async Task MeasureAsync(string model, int callers, int runs, int seed, Reporter reporter)
    {
        var extra = new List<double>();
        var bytes = new List<double>();
        var extraCancelled = new List<double>();
        var bytesCancelled = new List<double>();
        for (int run = -1; run < runs; run++)
        {
            Crowd.Outcome one = await RunAsync(model, 1, 0, seed);
            Crowd.Outcome many = await RunAsync(model, callers, 0, seed);
            Crowd.Outcome halfCancelled = await RunAsync(model, callers, callers / 2, seed + run);
            if (run < 0)
            {
                continue; // warms up
            }

            extra.Add(many.Milliseconds - one.Milliseconds);
            bytes.Add((many.AllocatedBytes - one.AllocatedBytes) / (callers - 1.0));
            extraCancelled.Add(halfCancelled.Milliseconds - one.Milliseconds);
            bytesCancelled.Add((halfCancelled.AllocatedBytes - one.AllocatedBytes) / (callers - 1.0));
        }

        string size = callers % 1000 == 0 ? $"{callers / 1000}k" : $"{callers}";
        reporter.Add(new Result(Name, $"ensure-{size}", Median(extra), "ms", ExtraMillisecondsLimit, runs));
        reporter.Add(new Result(Name, $"ensure-{size}-bytes", Median(bytes), "B", BytesPerWaiterLimit, runs));
        reporter.Add(new Result(Name, $"ensure-{size}-half-cancelled", Median(extraCancelled), "ms", ExtraMillisecondsLimit, runs));
        reporter.Add(new Result(Name, $"ensure-{size}-half-cancelled-bytes", Median(bytesCancelled), "B", BytesPerWaiterLimit, runs));
    }

    // Nobody is left to wait: the load may begin and be cancelled several times, and the crowd checks that it is one at a time.
    private static async Task CancelAllAsync(string model, int callers, int seed)
    {
        for (int run = 0; run < 3; run++)
        {
            await new Crowd(model, Schedule.Create(callers, callers, seed + run), callers).RunAsync();
        }
    }

    private static async Task<Crowd.Outcome> RunAsync(string model, int callers, int cancelled, int seed)
    {
        Crowd.Outcome outcome = await new Crowd(model, Schedule.Create(callers, cancelled, seed), callers).RunAsync();
        BenchmarkException.ThrowUnless(outcome.Loads == 1, $"{callers} callers, {cancelled} of them cancelled, caused {outcome.Loads} loads instead of one.");
        BenchmarkException.ThrowUnless(
            outcome.Succeeded >= callers - cancelled, $"Of {callers} callers, {cancelled} of them cancelled, {outcome.Succeeded} got the model.");
        return outcome;
    }
}

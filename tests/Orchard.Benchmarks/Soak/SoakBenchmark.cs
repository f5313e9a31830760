using Orchard.Benchmarks.Models;
using Orchard.Benchmarks.Throughput;

namespace Orchard.Benchmarks.Soak;

/// <summary>
/// Minutes of mixed load on the starter model: memory, descriptors and throughput of the last minute beside the second one, the worse
/// of client and engine.
/// </summary>
internal static class SoakBenchmark
{
    private const string Name = "soak";

    public static async Task RunAsync(Arguments arguments, Reporter reporter)
    {
        int minutes = Math.Max(3, arguments.Number("minutes", 10));
        var minute = TimeSpan.FromSeconds(arguments.Number("minute-seconds", 60));
        using ModelUnderTest model = await ModelUnderTest.LoadAsync(arguments.Text("model") ?? "starter");
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync(model);
        using var stop = new CancellationTokenSource();
        var load = new MixedLoad(engine.Client, model, arguments.Number("callers", 12));
        Task running = load.RunAsync(stop.Token);
        int[] processes = [Environment.ProcessId, engine.ProcessId];
        var samples = new List<Sample[]>();
        for (int i = 0; i < minutes; i++)
        {
            samples.Add(await SampleAsync(processes, load, minute));
            Reporter.Note($"minute {i + 1}: {string.Join(", ", samples[^1])}");
        }

        await stop.CancelAsync();
        await running;
        Report(samples, minutes, reporter);
    }

    // What each process holds over a minute, the median of once a second, and what the load got done.
    private static async Task<Sample[]> SampleAsync(int[] processes, MixedLoad load, TimeSpan minute)
    {
        List<double>[] bytes = [.. processes.Select(static _ => new List<double>())];
        int[] descriptors = new int[processes.Length];
        long before = load.Deltas;
        int seconds = Math.Max(1, (int)minute.TotalSeconds);
        for (int second = 0; second < seconds; second++)
        {
            await Task.Delay(minute / seconds);
            for (int i = 0; i < processes.Length; i++)
            {
                bytes[i].Add(Processes.ResidentBytes(processes[i]));
                descriptors[i] = Math.Max(descriptors[i], Processes.Descriptors(processes[i]));
            }
        }

        double rate = (load.Deltas - before) / minute.TotalSeconds;
        return [.. processes.Select((_, i) => new Sample(Statistics.Median(bytes[i]), descriptors[i], rate))];
    }

    private static void Report(List<Sample[]> samples, int minutes, Reporter reporter)
    {
        Sample[] second = samples[1];
        Sample[] last = samples[^1];
        int worse = Enumerable.Range(0, last.Length).MaxBy(i => last[i].ResidentBytes / second[i].ResidentBytes);
        reporter.Add(new Result(Name, "soak-rss", last[worse].ResidentBytes / 1e6, "MB", second[worse].ResidentBytes / 1e6, minutes));
        worse = Enumerable.Range(0, last.Length).MaxBy(i => last[i].Descriptors - second[i].Descriptors);
        reporter.Add(new Result(Name, "soak-descriptors", last[worse].Descriptors, "descriptors", second[worse].Descriptors, minutes));
        reporter.Add(new Result(Name, "soak-rate", last[0].DeltasPerSecond, "deltas/s", second[0].DeltasPerSecond, minutes));
    }

    private readonly record struct Sample(double ResidentBytes, int Descriptors, double DeltasPerSecond)
    {
        public override string ToString() => $"{ResidentBytes / 1e6:0.0} MB, {Descriptors} descriptors, {DeltasPerSecond:0} deltas/s";
    }
}

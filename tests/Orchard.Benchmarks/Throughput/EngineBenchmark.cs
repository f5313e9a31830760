using System.Diagnostics;
using Orchard.Benchmarks.Models;
using static Orchard.Benchmarks.Statistics;

namespace Orchard.Benchmarks.Throughput;

/// <summary>
/// Tokens per second and the time to the first token, through client, sockets and engine, at several numbers of streams; beside it, in
/// turns, the raw decode loop with the same batches, with one thread and with all, of which the faster is the limit.
/// </summary>
internal static class EngineBenchmark
{
    private const string Name = "engine";

    // The runtime compiles this program while it runs, again and again for some seconds, on a processor that the engine would compute on.
    private const int AnswersUntilCompiled = 20;

    private const int WarmUps = 3;

    public static async Task RunAsync(Arguments arguments, Reporter reporter)
    {
        int runs = arguments.Number("runs", 5);
        int promptTokens = arguments.Number("prompt", 40);
        int tokens = arguments.Number("tokens", 64);
        IReadOnlyList<int> streams = arguments.Numbers("streams", "1,8,32");
        foreach (string name in (arguments.Text("models") ?? "100m,starter").Split(','))
        {
            using ModelUnderTest model = await ModelUnderTest.LoadAsync(name);
            Reporter.Note($"{model}: {promptTokens} tokens of prompt, {tokens} generated");
            await using EngineUnderTest engine = await EngineUnderTest.StartAsync(model, speculates: false); // the raw loop guesses nothing
            int[] threads = [.. new HashSet<int> { 1, Environment.ProcessorCount }];
            RawLoop[] loops = [.. threads.Select(number => new RawLoop(model.Model, streams.Max(), promptTokens + tokens, number))];
            for (int i = 0; i < AnswersUntilCompiled; i++)
            {
                await engine.StreamAsync(model.CreatePrompt(promptTokens), tokens);
            }

            foreach (int count in streams)
            {
                await MeasureAsync(model, engine, loops, new Load(count, promptTokens, tokens), runs, reporter);
            }

            Array.ForEach(loops, static loop => loop.Dispose());
            if (name == "100m" && !arguments.Has("no-interference"))
            {
                await Interference.MeasureAsync(model, engine, runs, reporter);
            }
        }
    }

    private static async Task MeasureAsync(ModelUnderTest model, EngineUnderTest engine, RawLoop[] loops, Load load, int runs, Reporter reporter)
    {
        var rates = new List<double>();
        var firstP50 = new List<double>();
        var firstP95 = new List<double>();
        List<double>[] limits = [.. loops.Select(static _ => new List<double>())];
        List<double>[] prefills = [.. loops.Select(static _ => new List<double>())];
        for (int run = -WarmUps; run < runs; run++)
        {
            (double milliseconds, double[] firsts) = await AskAsync(model, engine, load);
            if (run >= 0)
            {
                rates.Add(load.TotalTokens / milliseconds * 1000);
                firstP50.Add(Percentile(firsts, 50));
                firstP95.Add(Percentile(firsts, 95));
            }

            for (int i = 0; i < loops.Length; i++)
            {
                RawLoop loop = loops[i];
                (double prefill, double total) = await Task.Run(() => loop.Run(load.Streams, load.PromptTokens, load.Tokens));
                if (run >= 0)
                {
                    limits[i].Add(load.TotalTokens / total * 1000);
                    prefills[i].Add(prefill);
                }
            }
        }

        double limit = limits.Max(Median);
        double prefillLimit = prefills.Min(Median);
        Reporter.Note($"raw loop, {load.Streams} streams: {string.Join(", ", loops.Select((loop, i) => $"{Median(limits[i]):0} tokens/s on {loop.Threads} threads"))}");
        reporter.Add(new Result(Name, $"engine-{model.Name}-{load.Streams}", Median(rates), "tokens/s", limit, runs));
        reporter.Add(new Result(Name, $"ttft-{model.Name}-{load.Streams}-p50", Median(firstP50), "ms", prefillLimit, runs));
        reporter.Add(new Result(Name, TimeToFirstTokenCase(model, load.Streams), Median(firstP95), "ms", prefillLimit, runs));
    }

    // The one that has a target is the 100 M model's at 32.
    private static string TimeToFirstTokenCase(ModelUnderTest model, int streams) =>
        model.Name == "100m" && streams == 32 ? "ttft-32" : $"ttft-{model.Name}-{streams}-p95";

    private static async Task<(double Milliseconds, double[] Firsts)> AskAsync(ModelUnderTest model, EngineUnderTest engine, Load load)
    {
        byte[][] prompts = [.. Enumerable.Range(0, load.Streams).Select(_ => model.CreatePrompt(load.PromptTokens))];
        long started = Stopwatch.GetTimestamp();
        StreamTimes[] times = await Task.WhenAll(prompts.Select(prompt => engine.StreamAsync(prompt, load.Tokens)));
        double milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        return (milliseconds, [.. times.Select(static time => time.FirstMilliseconds)]);
    }

    private readonly record struct Load(int Streams, int PromptTokens, int Tokens)
    {
        public double TotalTokens => (double)Streams * Tokens;
    }
}

using System.Diagnostics;
using Orchard.Benchmarks.Memory;
using Orchard.Benchmarks.Models;
using Orchard.Benchmarks.Throughput;
using static Orchard.Benchmarks.Statistics;

namespace Orchard.Benchmarks.Sampling;

/// <summary>
/// Answers sampled with each option: their time and the engine's memory, beside greedy answers of the same length, in turns. The option is
/// all that differs.
/// </summary>
internal static class SamplingBenchmark
{
    private const string Name = "sampling";
    private const double Megabyte = 1 << 20;
    private const int MaxWarmUpRounds = 10;
    private const double SettledGrowth = 1.005;

    private static readonly GenerationOptions Greedy = new() { MaxOutputTokens = 400, IgnoreEndOfSequence = true, Temperature = 0, PenaltyWindow = 256 };
    private static readonly GenerationOptions Free = Greedy with { Temperature = 1, Seed = 1, TopK = 0, TopP = 1, MinP = 0 };

    private static readonly (string Name, GenerationOptions Options)[] Cases =
    [
        ("repetition", Greedy with { RepetitionPenalty = 1.1 }),
        ("frequency", Greedy with { FrequencyPenalty = 0.5 }),
        ("presence", Greedy with { PresencePenalty = 0.5 }),
        ("dry", Greedy with { Dry = new DryOptions { Multiplier = 0.8 } }),
        ("temperature", Free),
        ("top-k", Free with { TopK = 40 }),
        ("top-p", Free with { TopP = 0.95 }),
        ("min-p", Free with { MinP = 0.05 }),
        ("typical-p", Free with { TypicalP = 0.95 }),
        ("xtc", Free with { Xtc = new XtcOptions { Probability = 0.5 } }),
        ("mirostat", Free with { Mirostat = new MirostatOptions() }),
    ];

    public static async Task RunAsync(Arguments arguments, Reporter reporter)
    {
        int runs = arguments.Number("runs", 7);
        string[]? only = arguments.Text("cases")?.Split(',');
        foreach (string model in (arguments.Text("models") ?? "starter,100m").Split(','))
        {
            using ModelUnderTest file = await ModelUnderTest.LoadAsync(model);

            // With one sequence, so that each answer takes the memory of the one before.
            await using EngineUnderTest engine = await EngineUnderTest.StartAsync(file, speculates: false, new ModelOptions { ParallelSequences = 1 });
            await WarmUpAsync(engine, file, runs);
            foreach ((string name, GenerationOptions options) in Cases.Where(entry => only?.Contains(entry.Name) ?? true))
            {
                long before = ProcessMemory.Of(engine.ProcessId).Own;
                var times = new List<double>();
                var limits = new List<double>();
                for (int run = -1; run < runs; run++)
                {
                    double limit = await TimeAsync(engine, file, Greedy);
                    double time = await TimeAsync(engine, file, options);
                    if (run >= 0)
                    {
                        times.Add(time);
                        limits.Add(limit);
                    }
                }

                reporter.Add(new Result(Name, $"{name}-{file.Name}", Median(times), "ms", Median(limits), runs));
                reporter.Add(new Result(Name, $"{name}-{file.Name} memory", ProcessMemory.Of(engine.ProcessId).Own / Megabyte, "MiB", before / Megabyte, 1));
            }
        }
    }

    /// <summary>Asks until the engine's memory does not grow any more.</summary>
    private static async Task WarmUpAsync(EngineUnderTest engine, ModelUnderTest model, int answers)
    {
        for (int round = 0; round < MaxWarmUpRounds; round++)
        {
            long before = ProcessMemory.Of(engine.ProcessId).Own;
            for (int i = 0; i < answers; i++)
            {
                _ = await TimeAsync(engine, model, Greedy);
            }

            if (ProcessMemory.Of(engine.ProcessId).Own < before * SettledGrowth)
            {
                return;
            }
        }
    }

    private static async Task<double> TimeAsync(EngineUnderTest engine, ModelUnderTest model, GenerationOptions options)
    {
        long start = Stopwatch.GetTimestamp();
        ChatResult answer = await engine.Client.ChatAsync(model.Path, "Give me a detailed description of a storm.", options);
        double time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        BenchmarkException.ThrowUnless(
            answer.Usage.CompletionTokens == options.MaxOutputTokens, $"The answer has {answer.Usage.CompletionTokens} tokens only.");
        return time;
    }
}

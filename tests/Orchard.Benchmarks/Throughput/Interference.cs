using System.Collections.Concurrent;
using System.Diagnostics;
using Orchard.Benchmarks.Models;
using static Orchard.Benchmarks.Statistics;

namespace Orchard.Benchmarks.Throughput;

/// <summary>
/// A long prompt, or an image, arrives while others decode: the longest time between two of their tokens, beside the usual one.
/// </summary>
/// <remarks>The engine has to make room for the first long prompt. That one is told apart.</remarks>
internal static class Interference
{
    private const int Streams = 8;
    private const int Tokens = 480;
    private const int LongPrompt = 2000;

    public static Task MeasureAsync(ModelUnderTest model, EngineUnderTest engine, int runs, Reporter reporter) => MeasureAsync(
        () => RunAsync(model, engine, () => engine.StreamAsync(model.CreatePrompt(LongPrompt), 1)),
        runs,
        value => reporter.Add(new Result("engine", "prefill-interference", value.Slowest, "ms", value.Usual, runs)));

    /// <summary>The same with images, each of which is another one.</summary>
    public static Task MeasureAsync(
        ModelUnderTest model, EngineUnderTest engine, Func<byte[]> createImage, int runs, Reporter reporter) => MeasureAsync(
            () =>
            {
                byte[] image = createImage(); // before the streams begin: it takes processor time
                return RunAsync(model, engine, () => engine.StreamAsync(model.CreatePrompt(8), 1, image: image));
            },
            runs,
            value => reporter.Add(new Result("media", $"{model.Name} interference", value.Slowest, "ms", value.Usual, runs)));

    private static async Task MeasureAsync(Func<Task<Outcome>> runAsync, int runs, Action<(double Slowest, double Usual)> report)
    {
        Outcome first = await runAsync();
        Reporter.Note($"the first long prompt: slowest step of the others {first.Slowest:0.0} ms, usually {first.Usual:0.0} before; its first token took {first.LongPrompt:0} ms");
        var outcomes = new List<Outcome>();
        for (int run = 0; run < runs; run++)
        {
            Outcome outcome = await runAsync();
            BenchmarkException.ThrowUnless(outcome.Outlasted, "The streams ended before the long prompt was done.");
            outcomes.Add(outcome);
        }

        // How far the machine lets steps vary by itself, and what the others' comfort costs the one who waits.
        Reporter.Note($"before the long prompt the slowest step took {Middle(static run => run.SlowestBefore):0.0} ms; its first token took {Middle(static run => run.LongPrompt):0} ms");
        report((Middle(static run => run.Slowest), Middle(static run => run.Usual)));

        double Middle(Func<Outcome, double> figure) => Median(outcomes.Select(figure));
    }

    private static async Task<Outcome> RunAsync(ModelUnderTest model, EngineUnderTest engine, Func<Task<StreamTimes>> disturbAsync)
    {
        byte[][] prompts = [.. Enumerable.Range(0, Streams).Select(_ => model.CreatePrompt(8))];
        var steps = new ConcurrentBag<Step>();
        int third = Streams * Tokens / 3;
        int generated = 0;
        var isThird = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task[] streams = [.. prompts.Select(prompt => StreamAsync(engine, prompt, steps, tokens =>
        {
            if (Interlocked.Add(ref generated, tokens) >= third)
            {
                isThird.TrySetResult();
            }
        }))];

        await isThird.Task;
        long arrived = Stopwatch.GetTimestamp();
        await disturbAsync();
        long answered = Stopwatch.GetTimestamp();
        await Task.WhenAll(streams);

        Step[] during = [.. steps.Where(step => step.Begin < answered && step.End > arrived)];
        double[] before = [.. steps.Where(step => step.End <= arrived).Select(static step => step.Milliseconds)];
        return new Outcome(
            during.Max(static step => step.Milliseconds),
            Median(before),
            before.Max(),
            Stopwatch.GetElapsedTime(arrived, answered).TotalMilliseconds,
            during.Any(step => step.End > answered));
    }

    private static Task<StreamTimes> StreamAsync(EngineUnderTest engine, byte[] prompt, ConcurrentBag<Step> steps, Action<int> onTokens)
    {
        long last = 0;
        return engine.StreamAsync(prompt, Tokens, tokens =>
        {
            // What comes together took several steps, which the deltas of the other streams tell apart.
            long now = Stopwatch.GetTimestamp();
            if (last != 0 && tokens == 1)
            {
                steps.Add(new Step(last, now));
            }

            last = now;
            onTokens(tokens);
        });
    }

    private readonly record struct Outcome(double Slowest, double Usual, double SlowestBefore, double LongPrompt, bool Outlasted);

    private readonly record struct Step(long Begin, long End)
    {
        public double Milliseconds => Stopwatch.GetElapsedTime(Begin, End).TotalMilliseconds;
    }
}

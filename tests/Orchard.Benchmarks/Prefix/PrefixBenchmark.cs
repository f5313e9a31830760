using System.Diagnostics;
using Orchard.Benchmarks.Models;
using Orchard.Benchmarks.Throughput;
using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Native;
using static Orchard.Benchmarks.Statistics;

namespace Orchard.Benchmarks.Prefix;

/// <summary>
/// The time to the first token of prompts whose beginning was computed before: by the same engine, and by one that has ended since.
/// </summary>
internal static class PrefixBenchmark
{
    private const int NewTokens = 40;

    public static async Task RunAsync(Arguments arguments, Reporter reporter)
    {
        int runs = arguments.Number("runs", 5);
        string[] cases = (arguments.Text("cases") ?? "turn,restart").Split(',');
        int shared = arguments.Number("shared", 2000);
        foreach (string name in (arguments.Text("models") ?? "100m,hybrid").Split(','))
        {
            using ModelUnderTest model = await ModelUnderTest.LoadAsync(name);
            if (cases.Contains("turn"))
            {
                await MeasureTurnAsync(model, shared, runs, reporter);
            }

            if (cases.Contains("restart") && name != "hybrid") // whose state is kept only at the end of an answer
            {
                await MeasureRestartAsync(model, shared, runs, reporter);
                MeasureCopies(model, shared, runs, reporter);
            }
        }
    }

    // The first request of an engine, and the same one to the next engine.
    private static async Task MeasureRestartAsync(ModelUnderTest model, int shared, int runs, Reporter reporter)
    {
        var cold = new List<double>();
        var warm = new List<double>();
        int cached = 0;
        for (int run = -1; run < runs; run++)
        {
            using var folder = new TemporaryFolder();
            byte[] prompt = model.CreatePrompt(shared);
            StreamTimes first = await AskAsync(folder.File("root"), prompt);
            StreamTimes second = await AskAsync(folder.File("root"), prompt);
            cached = second.CachedTokens;
            if (run >= 0)
            {
                cold.Add(first.FirstMilliseconds);
                warm.Add(second.FirstMilliseconds);
            }
        }

        Reporter.Note($"{model}: after a restart, the engine took {cached} of {shared} tokens from disk in the last run");
        reporter.Add(new Result("prefix", $"{model.Name} restart", Median(warm), "ms", Median(cold), runs));

        async Task<StreamTimes> AskAsync(string root, byte[] prompt)
        {
            await using EngineUnderTest engine = await EngineUnderTest.StartAsync(model, root: root);
            return await engine.StreamAsync(prompt, 4);
        }
    }

    // What the decoding thread does, and nobody else meanwhile.
    private static void MeasureCopies(ModelUnderTest model, int shared, int runs, Reporter reporter)
    {
        var options = new DecoderOptions { SequenceCapacity = 2, ContextLength = shared + 256, Threads = Environment.ProcessorCount, FlashAttention = false };
        using var decoder = new LlamaDecoder(model.Model, options);
        long started = Stopwatch.GetTimestamp();
        for (int start = 0; start < shared; start += options.BatchCapacity)
        {
            int count = Math.Min(options.BatchCapacity, shared - start);
            decoder.Decode([.. Enumerable.Range(start, count).Select(static i => new BatchToken(300 + i, i, 0, false))]);
        }

        double prefill = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        var saved = new List<double>();
        var restored = new List<double>();
        for (int run = 0; run < runs; run++)
        {
            started = Stopwatch.GetTimestamp();
            using NativeBuffer state = decoder.SaveState(0, long.MaxValue) ?? throw new BenchmarkException("The state could not be copied.");
            saved.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            started = Stopwatch.GetTimestamp();
            BenchmarkException.ThrowUnless(decoder.RestoreState(1, state, shared), "The state was not accepted.");
            restored.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            Reporter.Note($"{model}: the state of {shared} tokens has {state.Length >> 20} MiB");
        }

        reporter.Add(new Result("prefix", $"{model.Name} save copy", Median(saved), "ms", prefill, runs));
        reporter.Add(new Result("prefix", $"{model.Name} restore copy", Median(restored), "ms", prefill, runs));
    }

    private static async Task MeasureTurnAsync(ModelUnderTest model, int shared, int runs, Reporter reporter)
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

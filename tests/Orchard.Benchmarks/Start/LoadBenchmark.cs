using System.Diagnostics;
using Orchard.Benchmarks.Models;
using Orchard.Benchmarks.Throughput;
using Orchard.Engine.Native;
using static Orchard.Benchmarks.Statistics;

namespace Orchard.Benchmarks.Start;

/// <summary>
/// The load of a model by an engine that runs, with its file in the system's memory, beside what the native library itself takes in this
/// process: the weights and a context for one sequence. Both also up to the first token.
/// </summary>
internal static class LoadBenchmark
{
    private const int ContextLength = 512;
    private const int BatchTokens = 512;
    private const int Prompt = 8;

    public static async Task RunAsync(Arguments arguments, Reporter reporter)
    {
        int runs = arguments.Number("runs", 11);
        foreach (string name in (arguments.Text("models") ?? "100m,starter").Split(','))
        {
            using ModelUnderTest model = await ModelUnderTest.LoadAsync(name);
            var ours = new List<Times>();
            var raw = new List<Times>();
            await using EngineUnderTest engine = await EngineUnderTest.StartAsync(model); // which tries the model out
            for (int run = 0; run < runs; run++)
            {
                ours.Add(await LoadAsync(engine, model));
                raw.Add(LoadRaw(model));
            }

            reporter.Add(new Result("load", $"load-{model.Name}", Median([.. ours.Select(static times => times.Loaded)]), "ms",
                Median([.. raw.Select(static times => times.Loaded)]), runs));
            reporter.Add(new Result("load", $"load-first-token-{model.Name}", Median([.. ours.Select(static times => times.FirstToken)]), "ms",
                Median([.. raw.Select(static times => times.FirstToken)]), runs));
        }
    }

    private static async Task<Times> LoadAsync(EngineUnderTest engine, ModelUnderTest model)
    {
        BenchmarkException.ThrowUnless(await engine.Client.Models.UnloadAsync(model.Path), "The model could not be unloaded.");
        byte[] prompt = model.CreatePrompt(Prompt);
        long start = Stopwatch.GetTimestamp();
        await engine.Client.Models.EnsureLoadedAsync(model.Path);
        double loaded = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        await engine.StreamAsync(prompt, tokens: 1);
        return new Times(loaded, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    private static Times LoadRaw(ModelUnderTest model)
    {
        long start = Stopwatch.GetTimestamp();
        var settings = new LlamaModelSettings(MapsFile: true, LocksMemory: false, GpuLayers: null, Devices: []);
        using var handle = LlamaModelHandle.Load([model.Path], settings, static _ => true, out string problem);
        BenchmarkException.ThrowUnless(!handle.IsInvalid, problem);
        using LlamaContextHandle context = LlamaContextHandle.Create(
            handle,
            new LlamaContextSettings
            {
                Sequences = 1,
                SequenceLength = ContextLength,
                BatchTokens = BatchTokens,
                Outputs = 1,
                OutputsPerSequence = 1,
                Threads = Environment.ProcessorCount,
                FlashAttention = false,
                UnifiedCache = false,
            },
            out problem);
        BenchmarkException.ThrowUnless(!context.IsInvalid, problem);
        double loaded = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        var batch = new LlamaBatchBuffer(Prompt);
        for (int position = 0; position < Prompt; position++)
        {
            batch.Add(position + 1, position, 0, wantsLogits: position == Prompt - 1);
        }

        BenchmarkException.ThrowUnless(context.Decode(batch) == LlamaStatus.Success, "The decode failed.");
        _ = context.GetLogits(Prompt - 1);
        return new Times(loaded, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    private readonly record struct Times(double Loaded, double FirstToken);
}

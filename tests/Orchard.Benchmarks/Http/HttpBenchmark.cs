using System.Diagnostics;
using System.Text;
using Orchard.Benchmarks.Models;
using Orchard.Benchmarks.Throughput;
using static Orchard.Benchmarks.Statistics;

namespace Orchard.Benchmarks.Http;

/// <summary>
/// Tokens per second and the time to the first part through the HTTP server, with its client in the same program; beside them, in turns,
/// the same answers through the client alone.
/// </summary>
internal static class HttpBenchmark
{
    private const string Name = "http";
    private const int WarmUps = 3;

    public static async Task RunAsync(Arguments arguments, Reporter reporter)
    {
        int runs = arguments.Number("runs", 7);
        int promptTokens = arguments.Number("prompt", 40);
        int tokens = arguments.Number("tokens", 64);
        using ModelUnderTest model = await ModelUnderTest.LoadAsync(arguments.Text("model") ?? "100m");
        Reporter.Note($"{model}: {promptTokens} tokens of prompt, {tokens} generated");
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync(model);
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(engine.Client, model.Path);
        foreach (int streams in arguments.Numbers("streams", "1,8,32"))
        {
            var direct = new Rates();
            var http = new Rates();
            for (int run = -WarmUps; run < runs; run++)
            {
                string[] Prompts() => [.. Enumerable.Range(0, streams).Select(_ => Encoding.UTF8.GetString(model.CreatePrompt(promptTokens)))];
                direct.Add(run >= 0, tokens, await AskAsync(Prompts(), prompt => DirectAsync(engine.Client, model.Path, prompt, tokens)));
                http.Add(run >= 0, tokens, await AskAsync(Prompts(), prompt => server.AskAsync(prompt, tokens)));
            }

            reporter.Add(new Result(Name, $"http-{model.Name}-{streams}", Median(http.TokensPerSecond), "tokens/s", Median(direct.TokensPerSecond), runs));
            reporter.Add(new Result(Name, $"http-ttft-{model.Name}-{streams}-p50", Median(http.FirstMilliseconds), "ms", Median(direct.FirstMilliseconds), runs));
        }
    }

    private static async Task<(double Seconds, double[] Firsts)> AskAsync(string[] prompts, Func<string, Task<double>> ask)
    {
        long started = Stopwatch.GetTimestamp();
        double[] firsts = await Task.WhenAll(prompts.Select(ask));
        return (Stopwatch.GetElapsedTime(started).TotalSeconds, firsts);
    }

    private static async Task<double> DirectAsync(Client client, string model, string prompt, int tokens)
    {
        long started = Stopwatch.GetTimestamp();
        double? first = null;
        int completed = 0;
        var options = new GenerationOptions { MaxOutputTokens = tokens, IgnoreEndOfSequence = true, Temperature = 0 };
        await foreach (ChatDelta part in client.ChatStreamAsync(model, prompt, options))
        {
            first ??= Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            completed = part.Usage?.CompletionTokens ?? completed;
        }

        BenchmarkException.ThrowUnless(completed == tokens, $"Asked for {tokens} tokens, the engine generated {completed}.");
        return first!.Value;
    }

    /// <summary>What several runs came to.</summary>
    private sealed class Rates
    {
        public List<double> TokensPerSecond { get; } = [];

        public List<double> FirstMilliseconds { get; } = [];

        public void Add(bool counts, int tokens, (double Seconds, double[] Firsts) run)
        {
            if (counts)
            {
                TokensPerSecond.Add(tokens * run.Firsts.Length / run.Seconds);
                FirstMilliseconds.Add(Median(run.Firsts));
            }
        }
    }
}

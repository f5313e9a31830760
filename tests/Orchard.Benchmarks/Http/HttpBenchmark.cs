using System.Diagnostics;
using System.Globalization;
using System.Text;
using Orchard.Benchmarks.Memory;
using Orchard.Benchmarks.Models;
using Orchard.Benchmarks.Throughput;
using static Orchard.Benchmarks.Statistics;

namespace Orchard.Benchmarks.Http;

/// <summary>
/// Tokens per second, the time to the first text and the processor time of this program through the HTTP server, with its client in the
/// same program; beside them, in turns, the same answers through the client alone, and through llama-server if there is one.
/// </summary>
internal static class HttpBenchmark
{
    private const string Name = "http";
    private const int WarmUps = 1;

    // Until the code of both ways is compiled for good, which takes processor time from the engine.
    private const int WarmUpRounds = 20;
    private const int WarmUpStreams = 8;
    private const int WarmUpTokens = 12;

    // A chat template adds a few tokens to a prompt.
    private const int TemplateTokens = 64;

    public static async Task RunAsync(Arguments arguments, Reporter reporter)
    {
        int runs = arguments.Number("runs", 7);
        int promptTokens = arguments.Number("prompt", 40);
        int tokens = arguments.Number("tokens", 64);
        int[] streamCounts = [.. arguments.Numbers("streams", "1,8,32")];
        using ModelUnderTest model = await ModelUnderTest.LoadAsync(arguments.Text("model") ?? "100m");
        Reporter.Note($"{model}: {promptTokens} tokens of prompt, {tokens} generated");
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync(model);
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(engine.Client, model.Path);
        await using LlamaServer? llama = await StartLlamaAsync(model, streamCounts.Max(), promptTokens + tokens + TemplateTokens);
        using ChatStreams? llamaStreams = llama is null ? null : new ChatStreams(llama.Address, model.Path);
        for (int round = 0; round < WarmUpRounds; round++)
        {
            string[] prompts = CreatePrompts(model, WarmUpStreams, promptTokens: 4);
            await Task.WhenAll(prompts.Select(prompt => DirectAsync(engine.Client, model.Path, prompt, WarmUpTokens)));
            await Task.WhenAll(prompts.Select(prompt => server.Streams.AskAsync(prompt, WarmUpTokens)));
        }

        foreach (int streams in streamCounts)
        {
            // The way to the first token is short beside the rest of an answer, so one alone is asked for often, and cut short.
            int answer = streams == 1 ? Math.Min(tokens, 8) : tokens;
            int rounds = streams == 1 ? runs * 5 : runs;
            var direct = new Rates(answer, prompt => DirectAsync(engine.Client, model.Path, prompt, answer));
            var http = new Rates(answer, prompt => server.Streams.AskAsync(prompt, answer));
            Rates? other = llamaStreams is null ? null : new Rates(answer, prompt => llamaStreams.AskAsync(prompt, answer));
            Rates[] rates = other is null ? [direct, http] : [direct, http, other];
            for (int round = -WarmUps; round < rounds; round++)
            {
                for (int turn = 0; turn < rates.Length; turn++)
                {
                    string[] prompts = CreatePrompts(model, streams, promptTokens);
                    await rates[(round + WarmUps + turn) % rates.Length].MeasureAsync(prompts, counts: round >= 0);
                }
            }

            string name = string.Create(CultureInfo.InvariantCulture, $"{model.Name}-{streams}");
            Report($"http-{name}", $"http-ttft-{name}-p50", direct);
            if (other is not null)
            {
                Report($"http-{name}-llama-server", $"http-ttft-{name}-p50-llama-server", other);
            }

            void Report(string rate, string first, Rates limit)
            {
                reporter.Add(new Result(Name, rate, Median(http.TokensPerSecond), "tokens/s", Median(limit.TokensPerSecond), rounds));
                reporter.Add(new Result(Name, first, Median(http.FirstMilliseconds), "ms", Median(limit.FirstMilliseconds), rounds));
            }

            reporter.Add(new Result(
                Name,
                $"http-processor-{name}",
                Median(http.MicrosecondsPerToken),
                "us/token",
                Median(direct.MicrosecondsPerToken),
                rounds));
        }
    }

    private static string[] CreatePrompts(ModelUnderTest model, int count, int promptTokens) =>
        [.. Enumerable.Range(0, count).Select(_ => Encoding.UTF8.GetString(model.CreatePrompt(promptTokens)))];

    private static async Task<LlamaServer?> StartLlamaAsync(ModelUnderTest model, int slots, int slotTokens)
    {
        if (LlamaServer.Executable is null)
        {
            Reporter.Note("ORCHARD_LLAMA_SERVER names no llama-server, so there is nothing beside it.");
            return null;
        }

        // By itself it counts cores, and leaves half of the processors idle where two share one.
        return await LlamaServer.StartAsync(
            model.Path, slots, slotTokens, "--threads", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture));
    }

    private static async Task<double> DirectAsync(Client client, string model, string prompt, int tokens)
    {
        long started = Stopwatch.GetTimestamp();
        double? first = null;
        int completed = 0;
        var options = new GenerationOptions { MaxOutputTokens = tokens, IgnoreEndOfSequence = true, Temperature = 0 };
        await foreach (ChatDelta part in client.ChatStreamAsync(model, prompt, options))
        {
            if (first is null && part.Text.Length > 0)
            {
                first = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            }

            completed = part.Usage?.CompletionTokens ?? completed;
        }

        BenchmarkException.ThrowUnless(completed == tokens, $"Asked for {tokens} tokens, the engine generated {completed}.");
        return first ?? throw new BenchmarkException("No part had a text.");
    }

    /// <summary>What several rounds of one way came to.</summary>
    /// <param name="tokens">Number of tokens of each answer.</param>
    /// <param name="ask">Streams an answer to a prompt, and returns the milliseconds until its first text.</param>
    private sealed class Rates(int tokens, Func<string, Task<double>> ask)
    {
        public List<double> TokensPerSecond { get; } = [];

        public List<double> FirstMilliseconds { get; } = [];

        public List<double> MicrosecondsPerToken { get; } = [];

        public async Task MeasureAsync(string[] prompts, bool counts)
        {
            TimeSpan processor = Environment.CpuUsage.TotalTime;
            long started = Stopwatch.GetTimestamp();
            double[] firsts = await Task.WhenAll(prompts.Select(ask));
            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            if (counts)
            {
                TokensPerSecond.Add(tokens * prompts.Length / seconds);
                FirstMilliseconds.Add(Median(firsts));
                MicrosecondsPerToken.Add((Environment.CpuUsage.TotalTime - processor).TotalMicroseconds / (tokens * prompts.Length));
            }
        }
    }
}

using System.Collections.ObjectModel;
using System.Globalization;
using System.Text.Json;
using Orchard.Benchmarks.Models;
using Orchard.Engine.Native;
using static Orchard.Benchmarks.Statistics;

namespace Orchard.Benchmarks.Throughput;

/// <summary>
/// The raw decode loop on another build of the native library, beside the packaged one, in turns; or with flash attention, beside the loop
/// without it. A process can load only one library, so each has a process of its own.
/// </summary>
internal static class RawBestBenchmark
{
    private const string FolderVariable = "ORCHARD_BEST_NATIVE";
    private const string Name = "raw-best";
    private const int WarmUps = 1;
    private const int LongPrompt = 2_000;

    public static async Task RunAsync(Arguments arguments, Reporter reporter)
    {
        string? folder = arguments.Text("native") ?? Environment.GetEnvironmentVariable(FolderVariable);
        bool usesFlashAttention = arguments.Has("flash-attention");
        if (folder is null && !usesFlashAttention)
        {
            throw new BenchmarkException($"Name the folder of the other library with --native or {FolderVariable}.");
        }

        string model = arguments.Text("model") ?? "100m";
        int runs = arguments.Number("runs", 5);
        int promptTokens = arguments.Number("prompt", 40);
        int tokens = arguments.Number("tokens", 64);
        await using LineProcess best = Start(folder, usesFlashAttention);
        await using LineProcess packaged = Start(folder: null, usesFlashAttention: false);
        (int Streams, int Prompt, int Tokens)[] loads =
        [
            .. arguments.Numbers("streams", "1,8,32").Select(streams => (streams, promptTokens, tokens)),
            (1, LongPrompt, 1),
        ];
        foreach ((int streams, int prompt, int answer) in loads)
        {
            var rounds = new List<(RawRun Best, RawRun Packaged)>();
            var load = new RawLoad(streams, prompt, answer);
            for (int round = -WarmUps; round < runs; round++)
            {
                RawRun value = await best.AskAsync<RawRun>(load);
                RawRun limit = await packaged.AskAsync<RawRun>(load);
                if (round >= 0)
                {
                    rounds.Add((value, limit));
                }
            }

            string count = string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(model)}-{streams}");
            Report($"prefill-{count}-{prompt}", run => streams * prompt * 1000 / run.PrefillMilliseconds);
            if (answer > 1)
            {
                Report($"decode-{count}", run => streams * (answer - 1) * 1000 / (run.TotalMilliseconds - run.PrefillMilliseconds));
                Report($"both-{count}", run => streams * (prompt + answer - 1) * 1000 / run.TotalMilliseconds);
            }

            void Report(string name, Func<RawRun, double> rate)
            {
                double value = Median(rounds.Select(round => rate(round.Best)));
                double ratio = Median(rounds.Select(round => rate(round.Best) / rate(round.Packaged)));
                reporter.Add(new Result(Name, name, value, "tokens/s", value / ratio, runs));
            }
        }

        LineProcess Start(string? folder, bool usesFlashAttention)
        {
            IReadOnlyDictionary<string, string> environment = folder is null
                ? ReadOnlyDictionary<string, string>.Empty
                : new Dictionary<string, string> { [NativeFiles.PathVariable] = Path.GetFullPath(folder) };
            string[] words = ["measure-raw", "--model", model, .. usesFlashAttention ? ["--flash-attention"] : Array.Empty<string>()];
            return LineProcess.Start(Environment.ProcessPath!, environment, words);
        }
    }

    /// <summary>In the child: runs the loads on standard input, with as many threads as there are processors.</summary>
    public static async Task MeasureAsync(Arguments arguments)
    {
        var json = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        using ModelUnderTest model = await ModelUnderTest.LoadAsync(arguments.Text("model")!);
        Reporter.Note($"{LlamaLibrary.Load().Folder}: {LlamaLibrary.Load().SystemInfo}");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            RawLoad load = JsonSerializer.Deserialize<RawLoad>(line, json)!;
            using var loop = new RawLoop(
                model.Model,
                load.Streams,
                load.PromptTokens + load.Tokens,
                Environment.ProcessorCount,
                flashAttention: arguments.Has("flash-attention") ? true : null);
            loop.Run(load.Streams, promptTokens: 1, tokens: 1);
            (double prefill, double total) = loop.Run(load.Streams, load.PromptTokens, load.Tokens);
            Console.WriteLine(JsonSerializer.Serialize(new RawRun(prefill, total), json));
        }
    }

    private sealed record RawLoad(int Streams, int PromptTokens, int Tokens);

    private sealed record RawRun(double PrefillMilliseconds, double TotalMilliseconds);
}

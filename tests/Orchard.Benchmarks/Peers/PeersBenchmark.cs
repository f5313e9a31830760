using System.Globalization;
using System.Text;
using Orchard.Benchmarks.Models;
using static Orchard.Benchmarks.Statistics;

namespace Orchard.Benchmarks.Peers;

/// <summary>
/// The engine beside other programs that run the same model on llama.cpp, each in a process of its own: LLamaSharp's batched executor, and
/// llama-server if there is one. All get the same prompts, in turns. The limit of each ratio is one of them.
/// </summary>
internal static class PeersBenchmark
{
    private const int WarmUps = 2;
    private const int Loads = 5;
    private const int ShortestPrompt = 36;
    private const int LongestPrompt = 40;
    private const int LongPrompt = 2_000;

    // A few more than prompt and answer, as an application would allow for.
    private const int SpareCells = 64;

    public static async Task RunAsync(Arguments arguments, Reporter reporter)
    {
        int runs = arguments.Number("runs", 7);
        int tokens = arguments.Number("tokens", 64);
        string[] cases = (arguments.Text("cases") ?? "answers,prefill,load").Split(',');
        using ModelUnderTest model = await ModelUnderTest.LoadAsync(arguments.Text("model") ?? "100m");
        Reporter.Note($"{model}: {ShortestPrompt} to {LongestPrompt} tokens of prompt, {tokens} generated");
        foreach (int streams in cases.Contains("answers") ? arguments.Numbers("streams", "1,8,32") : [])
        {
            await using PeerGroup peers = await PeerGroup.StartAsync(model, streams, LongestPrompt + tokens + SpareCells, arguments);
            await AnswersAsync(model, peers, streams, tokens, runs, reporter);
        }

        if (cases.Contains("prefill"))
        {
            await using PeerGroup peers = await PeerGroup.StartAsync(model, 1, LongPrompt + SpareCells, arguments);
            IReadOnlyList<PeerRun[]> rounds = await peers.MeasureAsync(() => Prompts(model, 1, LongPrompt, LongPrompt), tokens: 1, WarmUps, runs);
            peers.Report(reporter, $"prefill-{LongPrompt}", "ms", rounds, static run => run.Milliseconds);
        }

        if (cases.Contains("load"))
        {
            await using PeerGroup peers = await PeerGroup.StartAsync(model, 32, LongestPrompt + tokens + SpareCells, arguments);
            await peers.ReportLoadAsync(reporter, Loads);
        }
    }

    private static async Task AnswersAsync(
        ModelUnderTest model, PeerGroup peers, int streams, int tokens, int runs, Reporter reporter)
    {
        string count = streams.ToString(CultureInfo.InvariantCulture);
        IReadOnlyList<PeerRun[]> rounds = await peers.MeasureAsync(
            () => Prompts(model, streams, ShortestPrompt, LongestPrompt), tokens, WarmUps, streams == 1 ? 2 * runs : runs);
        peers.Report(reporter, $"rate-{count}", "tokens/s", rounds, run => streams * tokens * 1000 / run.Milliseconds);
        peers.Report(reporter, $"ttft-{count}-p50", "ms", rounds, static run => Percentile(run.FirstMilliseconds, 50));
        peers.Report(reporter, $"ttft-{count}-p95", "ms", rounds, static run => Percentile(run.FirstMilliseconds, 95));
        peers.ReportMemory(reporter, $"memory-{count}");
    }

    // Of different lengths, as real prompts are.
    private static string[] Prompts(ModelUnderTest model, int streams, int shortest, int longest)
    {
        var random = new Random(streams);
        return [.. Enumerable.Range(0, streams).Select(_ => Encoding.UTF8.GetString(model.CreatePrompt(random.Next(shortest, longest + 1))))];
    }
}

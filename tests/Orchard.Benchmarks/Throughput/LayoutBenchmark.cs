using Orchard.Benchmarks.Models;
using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Llama;
using static Orchard.Benchmarks.Statistics;

namespace Orchard.Benchmarks.Throughput;

/// <summary>
/// One pool of KV cells for all sequences, held against cells of their own for each, in turns: the raw loop at several numbers of
/// streams, and one stream beside others that rest, as chats do between their turns.
/// </summary>
internal static class LayoutBenchmark
{
    private const int Most = 32;

    public static async Task RunAsync(Arguments arguments, Reporter reporter)
    {
        int runs = arguments.Number("runs", 5);
        int promptTokens = arguments.Number("prompt", 200);
        int tokens = arguments.Number("tokens", 32);
        foreach (string name in (arguments.Text("models") ?? "starter,100m").Split(','))
        {
            using ModelUnderTest model = await ModelUnderTest.LoadAsync(name);
            Reporter.Note($"{model}: {promptTokens} tokens of prompt, {tokens} generated, tokens/s of the answers");
            int threads = DecoderPlan.ForThisMachine(model.Model.Header).Threads;
            foreach ((int streams, int resting) in new[] { (1, 0), (1, 7), (1, 31), (8, 0), (32, 0) })
            {
                using var split = new RawLoop(model.Model, Most, promptTokens + tokens, threads);
                using var unified = new RawLoop(model.Model, Most, promptTokens + tokens, threads, unifiedCache: true);
                split.Prefill(streams, resting, promptTokens);
                unified.Prefill(streams, resting, promptTokens);
                var ours = new List<double>();
                var limit = new List<double>();
                for (int run = -1; run < runs; run++)
                {
                    double a = Rate(unified, streams, promptTokens, tokens);
                    double b = Rate(split, streams, promptTokens, tokens);
                    if (run >= 0)
                    {
                        ours.Add(a);
                        limit.Add(b);
                    }
                }

                reporter.Add(new Result("layout", $"layout-{model.Name}-{streams}-beside-{resting}", Median(ours), "tokens/s", Median(limit), runs));
            }
        }
    }

    private static double Rate(RawLoop loop, int streams, int promptTokens, int tokens)
    {
        (double prefill, double total) = loop.Run(streams, promptTokens, tokens);
        return streams * (tokens - 1) / (total - prefill) * 1000;
    }
}

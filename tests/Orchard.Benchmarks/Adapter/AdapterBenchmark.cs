using Microsoft.Extensions.AI;
using Orchard.Benchmarks.Ipc;
using static Orchard.Benchmarks.Statistics;

namespace Orchard.Benchmarks.Adapter;

/// <summary>
/// What a streamed token costs the program that reads it, through the chat client of Microsoft.Extensions.AI and through our own below it,
/// in turns. The engine is a process of its own, so its work is not in it.
/// </summary>
internal static class AdapterBenchmark
{
    private const string Name = "adapter";

    public static async Task RunAsync(Arguments arguments, Reporter reporter)
    {
        int runs = arguments.Number("runs", 31);
        int tokens = arguments.Number("tokens", 50_000);
        using var folder = new TemporaryFolder();
        string model = folder.File("stub.gguf");
        await File.WriteAllBytesAsync(model, []);
        string root = folder.File("root");
        await using ChildProcess child = await ChildProcess.StartAsync("serve-stub", "--path", root);
        await using Client client = await Client.ConnectAsync(new ClientOptions { EngineRoot = root, StartEngine = false });
        using IChatClient adapter = client.AsIChatClient(model);
        List<double> direct = [];
        List<double> adapted = [];
        for (int run = -5; run < runs; run++)
        {
            double ours = await MeasureAsync(() => CountAsync(client, model, tokens), tokens);
            double theirs = await MeasureAsync(() => CountAsync(adapter, tokens), tokens);
            if (run >= 0)
            {
                direct.Add(ours);
                adapted.Add(theirs);
            }
        }

        reporter.Add(new Result(Name, Name, Median(adapted), "ns", Median(direct), runs));
    }

    // Processor time, not time by the clock: the socket's reading, the collector's share and whatever else the program does is in it.
    private static async Task<double> MeasureAsync(Func<Task<int>> chat, int tokens)
    {
        GC.Collect();
        TimeSpan used = Environment.CpuUsage.TotalTime;
        int read = await chat();
        used = Environment.CpuUsage.TotalTime - used;
        BenchmarkException.ThrowUnless(read == tokens, $"{read} of {tokens} tokens came.");
        return used.TotalNanoseconds / tokens;
    }

    private static async Task<int> CountAsync(Client client, string model, int tokens)
    {
        int count = 0;
        await foreach (ChatDelta delta in client.ChatStreamAsync(model, ClientPingPong.Question, new GenerationOptions { MaxOutputTokens = tokens }))
        {
            count += delta.Text.Length > 0 ? 1 : 0;
        }

        return count;
    }

    private static async Task<int> CountAsync(IChatClient client, int tokens)
    {
        int count = 0;
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync(ClientPingPong.Question, new ChatOptions { MaxOutputTokens = tokens }))
        {
            count += update.Text.Length > 0 ? 1 : 0;
        }

        return count;
    }
}

using System.ClientModel;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using OpenAI;
using OpenAI.Chat;
using Orchard.Remote;
using static Orchard.Benchmarks.Statistics;

namespace Orchard.Benchmarks.Remotes;

/// <summary>
/// What a streamed token of a remote model costs the program that reads it, through our client and through the client of the package OpenAI, in
/// turns. The server is a process of its own, so its work is not in it; the reading of the socket is.
/// </summary>
internal static class RemoteBenchmark
{
    private const string Name = "remote";
    private const double BytesLimit = 300;

    public static async Task RunAsync(Arguments arguments, Reporter reporter)
    {
        int runs = arguments.Number("runs", 11);
        int tokens = arguments.Number("tokens", 50_000);
        int port = FreePort();
        await using ChildProcess child = await ChildProcess.StartAsync(
            "serve-recorded", "--port", port.ToString(CultureInfo.InvariantCulture), "--tokens", tokens.ToString(CultureInfo.InvariantCulture));
        var address = new Uri($"http://127.0.0.1:{port}/v1");
        await using Client ours = Client.Create(new ClientOptions { StartEngine = false }.AddRemote("recorded", address));
        var theirs = new ChatClient("recorded", new ApiKeyCredential("none"), new OpenAIClientOptions { Endpoint = address });
        List<double> ourTimes = [];
        List<double> theirTimes = [];
        List<double> bytes = [];
        for (int run = -3; run < runs; run++)
        {
            (double ourTime, double allocated) = await MeasureAsync(() => CountAsync(ours), tokens);
            (double theirTime, _) = await MeasureAsync(() => CountAsync(theirs), tokens);
            if (run >= 0)
            {
                ourTimes.Add(ourTime);
                theirTimes.Add(theirTime);
                bytes.Add(allocated);
            }
        }

        reporter.Add(new Result(Name, "remote-time", Median(ourTimes), "ns", Median(theirTimes), runs));
        reporter.Add(new Result(Name, "remote-bytes", Median(bytes), "B", BytesLimit, runs));
    }

    private static async Task<(double Time, double Bytes)> MeasureAsync(Func<Task<int>> chat, int tokens)
    {
        GC.Collect();
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        TimeSpan used = Environment.CpuUsage.TotalTime;
        int read = await chat();
        used = Environment.CpuUsage.TotalTime - used;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        BenchmarkException.ThrowUnless(read == tokens, $"{read} of {tokens} tokens came.");
        return (used.TotalNanoseconds / tokens, (double)allocated / tokens);
    }

    private static async Task<int> CountAsync(Client client)
    {
        int count = 0;
        await foreach (ChatDelta delta in client.ChatStreamAsync("recorded/recorded", "Hello"))
        {
            count += delta.Text.Length > 0 ? 1 : 0;
        }

        return count;
    }

    private static async Task<int> CountAsync(ChatClient client)
    {
        int count = 0;
        await foreach (StreamingChatCompletionUpdate update in client.CompleteChatStreamingAsync(new UserChatMessage("Hello")))
        {
            count += update.ContentUpdate.Count > 0 && update.ContentUpdate[0].Text.Length > 0 ? 1 : 0;
        }

        return count;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

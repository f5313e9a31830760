using System.Diagnostics;
using System.Globalization;
using Orchard.Benchmarks.Throughput;
using static Orchard.Benchmarks.Statistics;

namespace Orchard.Benchmarks.Apps;

/// <summary>
/// The processor time that a program spends for each delta of its own, while it is the engine's only user and while many others use the
/// engine too. What the others receive must not cost it anything.
/// </summary>
internal static class AppsBenchmark
{
    private const string Name = "apps";
    private const string Question = "Give me a detailed description of a storm.";

    public static async Task RunAsync(Arguments arguments, Reporter reporter)
    {
        int apps = arguments.Number("apps", 16);
        int streams = arguments.Number("streams", 4);
        int runs = arguments.Number("runs", 5);
        using var folder = new TemporaryFolder();
        await using Client client = await Client.ConnectAsync(new ClientOptions
        {
            EngineRoot = folder.File("root"),
            EnginePath = EngineUnderTest.Executable,
            EngineGraceTime = TimeSpan.FromMilliseconds(100),
        });
        await client.ChatAsync("starter", Question);
        var alone = new List<double>();
        var among = new List<double>();
        for (int run = 0; run < runs; run++)
        {
            alone.AddRange(await MeasureAsync(folder, apps: 1, streams));
            among.Add(Median(await MeasureAsync(folder, apps, streams)));
        }

        reporter.Add(new Result(Name, $"cpu-per-delta-{apps}x{streams}", Median(among), "µs", Median(alone), runs));
    }

    /// <summary>One program: streams answers side by side, and writes its processor time per delta in microseconds.</summary>
    public static async Task MeasureAppAsync(Arguments arguments)
    {
        int streams = arguments.Number("streams", 4);
        await using Client client = await Client.ConnectAsync(new ClientOptions { EngineRoot = arguments.Text("root"), StartEngine = false });
        await Task.WhenAll(Enumerable.Range(0, streams).Select(_ => StreamAsync(client, answers: 2))); // everything compiled once is compiled now
        Console.WriteLine("ready");
        Console.ReadLine();

        using var self = Process.GetCurrentProcess();
        TimeSpan before = self.TotalProcessorTime;
        int[] deltas = await Task.WhenAll(Enumerable.Range(0, streams).Select(_ => StreamAsync(client, arguments.Number("answers", 8))));
        self.Refresh();
        double each = (self.TotalProcessorTime - before).TotalMicroseconds / deltas.Sum();
        Console.WriteLine(each.ToString("0.00", CultureInfo.InvariantCulture));
    }

    private static async Task<double[]> MeasureAsync(TemporaryFolder folder, int apps, int streams)
    {
        Process[] programs = [.. Enumerable.Range(0, apps).Select(_ => Process.Start(new ProcessStartInfo(
            Environment.ProcessPath!, ["measure-app", "--root", folder.File("root"), "--streams", $"{streams}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!)];
        try
        {
            foreach (Process program in programs)
            {
                string? line = await program.StandardOutput.ReadLineAsync();
                BenchmarkException.ThrowUnless(line == "ready", $"A program did not get ready: {line ?? "it ended"}.");
            }

            foreach (Process program in programs)
            {
                program.StandardInput.WriteLine();
            }

            string?[] lines = await Task.WhenAll(programs.Select(program => program.StandardOutput.ReadLineAsync()));
            return [.. lines.Select(line => double.Parse(line ?? throw new BenchmarkException("A program ended early."), CultureInfo.InvariantCulture))];
        }
        finally
        {
            foreach (Process program in programs)
            {
                program.StandardInput.Close();
                await program.WaitForExitAsync();
                program.Dispose();
            }
        }
    }

    private static async Task<int> StreamAsync(Client client, int answers)
    {
        int deltas = 0;
        for (int answer = 0; answer < answers; answer++)
        {
            await foreach (ChatDelta _ in client.ChatStreamAsync("starter", Question))
            {
                deltas++;
            }
        }

        return deltas;
    }
}

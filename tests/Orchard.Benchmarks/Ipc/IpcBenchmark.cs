using System.Globalization;
using Orchard.Protocol.Tests.Sockets.Nng;
using static Orchard.Benchmarks.Statistics;

namespace Orchard.Benchmarks.Ipc;

/// <summary>
/// From a request to the first delta of an engine that has nothing to compute, beside the same bytes over a bare socket and over nng.
/// Each has a process of its own on the other side; they take turns.
/// </summary>
/// <remarks>
/// A program keeps the pace it begins with, of which there are several for each of them, whatever it measures and however often. So several
/// programs measure, one after another.
/// </remarks>
internal static class IpcBenchmark
{
    private const string Name = "ipc";
    private const int RoundTripsPerTurn = 100;

    public static async Task RunAsync(Arguments arguments, Reporter reporter)
    {
        int programs = arguments.Number("programs", 9);
        (int runs, int warmUps) = RunsOf(arguments);
        Sizes sizes = Sizes.OfOurs();
        Reporter.Note($"{sizes.Request} bytes there, {sizes.Reply} bytes back; each run is the median of {RoundTripsPerTurn} round trips, {runs} a program");
        var medians = new List<double[]>();
        for (int program = 0; program < programs; program++)
        {
            string output = await ChildProcess.RunAsync("measure-ipc", "--runs", $"{runs}", "--warm-up", $"{warmUps}");
            medians.Add([.. output.Split(' ').Select(static word => double.Parse(word, CultureInfo.InvariantCulture))]);
            Reporter.Note($"ours, the bare socket, nng: {output} µs");
        }

        double ours = Median(medians.Select(static rivals => rivals[0]));
        reporter.Add(new Result(Name, "ipc-vs-uds", ours, "µs", Median(medians.Select(static rivals => rivals[1])), programs));
        if (medians.TrueForAll(static rivals => rivals.Length > 2))
        {
            reporter.Add(new Result(Name, "ipc-vs-nng", ours, "µs", Median(medians.Select(static rivals => rivals[2])), programs));
        }
        else
        {
            Reporter.Note("nng is not installed (Debian package libnng1): nothing to compare with");
        }
    }

    /// <summary>One program: writes the medians of its runs, ours first, in microseconds.</summary>
    public static async Task MeasureAsync(Arguments arguments)
    {
        (int runs, int warmUps) = RunsOf(arguments);
        Sizes sizes = Sizes.OfOurs();
        using var folder = new TemporaryFolder();
        await using ClientPingPong client = await ClientPingPong.StartAsync(folder);
        await using SocketPingPong socket = await SocketPingPong.StartAsync(folder, sizes);
        await using NngPingPong? nng = NngNative.IsInstalled ? await NngPingPong.StartAsync(folder, sizes) : null;
        IPingPong[] rivals = nng is null ? [client, socket] : [client, socket, nng];
        List<double>[] medians = [.. rivals.Select(static _ => new List<double>())];
        for (int run = -warmUps; run < runs; run++)
        {
            for (int rival = 0; rival < rivals.Length; rival++)
            {
                double median = await TurnAsync(rivals[rival]);
                if (run >= 0)
                {
                    medians[rival].Add(median);
                }
            }
        }

        Console.Write(string.Join(' ', medians.Select(static times => Median(times).ToString("0.0", CultureInfo.InvariantCulture))));
    }

    private static (int Runs, int WarmUps) RunsOf(Arguments arguments) => (arguments.Number("runs", 31), arguments.Number("warm-up", 200));

    private static async Task<double> TurnAsync(IPingPong pingPong)
    {
        double[] microseconds = new double[RoundTripsPerTurn];
        for (int i = 0; i < RoundTripsPerTurn; i++)
        {
            microseconds[i] = (await pingPong.RoundTripAsync()).TotalMicroseconds;
        }

        return Median(microseconds);
    }
}

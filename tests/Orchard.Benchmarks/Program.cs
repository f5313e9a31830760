using Orchard.Benchmarks;
using Orchard.Benchmarks.Demux;
using Orchard.Benchmarks.Ensure;
using Orchard.Benchmarks.Ipc;

const string Help =
    """
    usage: orchard-benchmarks COMMAND [--json] [options]

      ensure [--callers 10000] [--runs 9] [--seed 1]    many callers of one cold model
      demux  [--deltas 400000] [--runs 9]               the client's read loop
      ipc    [--runs 31]                                request to first delta, beside a bare socket and nng

    Each prints one row per case: value, limit, their ratio, and how many runs the value is the median of.

    """;

try
{
    Arguments arguments = Arguments.Parse(args);
    var reporter = new Reporter(arguments.Has("json"));
    switch (arguments.Command)
    {
        case "ensure":
            await EnsureBenchmark.RunAsync(arguments, reporter);
            return 0;
        case "demux":
            await DemuxBenchmark.RunAsync(arguments, reporter);
            return 0;
        case "ipc":
            await IpcBenchmark.RunAsync(arguments, reporter);
            return 0;
        case "serve-stub":
            await using (new StubEngine(arguments.Text("path")!))
            {
                await ChildProcess.ServeAsync();
            }

            return 0;
        case "serve-uds":
            await SocketPingPong.ServeAsync(arguments.Text("path")!, new Sizes(arguments.Number("request", 1), arguments.Number("reply", 1)));
            return 0;
        case "serve-nng":
            await NngPingPong.ServeAsync(arguments.Text("path")!, new Sizes(0, arguments.Number("reply", 1)));
            return 0;
        default:
            Console.Write(Help);
            return arguments.Command == "help" ? 0 : 2;
    }
}
catch (Exception e) when (e is BenchmarkException or FormatException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

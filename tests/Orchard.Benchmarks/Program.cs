using Orchard.Benchmarks;
using Orchard.Benchmarks.Demux;
using Orchard.Benchmarks.Ensure;

const string Help =
    """
    usage: orchard-benchmarks COMMAND [--json] [options]

      ensure [--callers 10000] [--runs 9] [--seed 1]    many callers of one cold model
      demux  [--deltas 400000] [--runs 9]               the client's read loop

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

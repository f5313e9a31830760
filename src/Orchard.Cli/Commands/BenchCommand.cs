using System.CommandLine;
using System.Globalization;
using Orchard.Cli.Bench;
using Orchard.Cli.Output;
using Orchard.Cli.Terminals;

namespace Orchard.Cli.Commands;

/// <summary><c>orchard bench MODEL</c>.</summary>
internal static class BenchCommand
{
    private const int MostStreams = 1024;
    private const string DefaultPrompt =
        "Tell a long story about a gardener and an orchard, with many details about the trees and the seasons.";

    public static Command Create(CommandHost host)
    {
        Argument<string> model = CommandHost.Model();
        var streams = new Option<int[]>("--streams")
        {
            Description = "Numbers of answers that are generated at once (default: 1 8 32)",
            HelpName = "N",
            DefaultValueFactory = _ => [1, 8, 32],
            AllowMultipleArgumentsPerToken = true,
        };
        var tokens = new Option<int>("--tokens") { Description = "Tokens of each answer", HelpName = "N", DefaultValueFactory = _ => 128 };
        var prompt = new Option<string>("--prompt")
        {
            Description = "What to ask (default: a story)",
            HelpName = "TEXT",
            DefaultValueFactory = _ => DefaultPrompt,
        };
        Option<bool> json = CommandHost.Json();
        var command = new DocumentedCommand("bench", "Measure tokens per second and the time to the first token")
        {
            Examples = "orchard bench starter\norchard bench ~/models/model.gguf --streams 1 4 --tokens 64 --json",
        };
        command.Add(model);
        command.Add(streams);
        command.Add(tokens);
        command.Add(prompt);
        command.Add(json);
        command.SetAction(async (arguments, cancellationToken) =>
        {
            int[] counts = arguments.GetRequiredValue(streams);
            int length = arguments.GetValue(tokens);
            if (counts.Length == 0 || counts.Any(count => count is < 1 or > MostStreams) || length < 2)
            {
                throw new UsageException($"--streams takes numbers from 1 to {MostStreams}, and --tokens a number from 2.");
            }

            string name = arguments.GetRequiredValue(model);
            Client client = host.CreateClient(arguments);
            await using (client.ConfigureAwait(false))
            {
                ModelInfo info = await host.LoadAsync(client, name, new ModelOptions(), cancellationToken).ConfigureAwait(false);
                var benchmark = new Benchmark(client, name, TimeProvider.System)
                {
                    Prompt = arguments.GetRequiredValue(prompt),
                    Tokens = length,
                };
                BenchReport report = await MeasureAsync(benchmark, name, info, counts, cancellationToken).ConfigureAwait(false);
                Write(host, report, arguments.GetValue(json));
                return ExitCodes.Success;
            }
        });
        return command;
    }

    private static async Task<BenchReport> MeasureAsync(
        Benchmark benchmark, string name, ModelInfo info, int[] counts, CancellationToken cancellationToken)
    {
        await benchmark.MeasureAsync(1, cancellationToken).ConfigureAwait(false); // pages, caches and compiled code
        var runs = new List<BenchRun>();
        foreach (int count in counts)
        {
            runs.Add(await benchmark.MeasureAsync(count, cancellationToken).ConfigureAwait(false));
        }

        return new BenchReport
        {
            Model = name,
            Architecture = info.Architecture,
            Quantization = info.Quantization,
            PromptTokens = benchmark.PromptTokens,
            Runs = runs,
        };
    }

    private static void Write(CommandHost host, BenchReport report, bool json)
    {
        if (json)
        {
            host.WriteJson(report, CliJson.Readable.BenchReport);
            return;
        }

        TextTable.Write(
            host.Terminal.Screen,
            [">STREAMS", ">TOKENS/S", ">PER STREAM", ">FIRST TOKEN", ">SLOWEST"],
            report.Runs.Select(run => new[]
            {
                run.Streams.ToString(CultureInfo.InvariantCulture),
                run.TokensPerSecond.ToString("N0", CultureInfo.InvariantCulture),
                (run.TokensPerSecond / run.Streams).ToString("N0", CultureInfo.InvariantCulture),
                string.Create(CultureInfo.InvariantCulture, $"{run.FirstTokenMs:0.0} ms"),
                string.Create(CultureInfo.InvariantCulture, $"{run.SlowestFirstTokenMs:0.0} ms"),
            }));
    }
}

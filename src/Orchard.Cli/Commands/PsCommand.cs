using System.CommandLine;
using System.Globalization;
using Orchard.Cli.Output;
using Orchard.Cli.Terminals;

namespace Orchard.Cli.Commands;

/// <summary><c>orchard ps</c>.</summary>
internal static class PsCommand
{
    public static Command Create(CommandHost host)
    {
        Option<bool> json = CommandHost.Json();
        var command = new DocumentedCommand("ps", "Show the engine and the models in it, for all applications that share it")
        {
            Examples = "orchard ps",
        };
        command.Add(json);
        command.SetAction(async (arguments, cancellationToken) =>
        {
            EngineOutput engine = await ReadAsync(host.CreateOptions(arguments), cancellationToken).ConfigureAwait(false);
            if (arguments.GetValue(json))
            {
                host.WriteJson(engine, CliJson.Readable.EngineOutput);
            }
            else
            {
                Write(host.Terminal, engine);
            }

            return ExitCodes.Success;
        });
        return command;
    }

    private static async Task<EngineOutput> ReadAsync(ClientOptions options, CancellationToken cancellationToken)
    {
        if (!InferenceEngine.IsRunning(options))
        {
            return new EngineOutput();
        }

        options.StartEngine = false;
        Client client = Client.Create(options);
        await using (client.ConfigureAwait(false))
        {
            return EngineOutput.From(await client.GetEngineSnapshotAsync(cancellationToken).ConfigureAwait(false));
        }
    }

    private static void Write(Terminal terminal, EngineOutput engine)
    {
        if (!engine.IsRunning)
        {
            terminal.Out.WriteLine("No engine is running. It starts with the first call that needs it.");
            return;
        }

        string memory = engine.ResidentBytes is { } bytes ? $", {Quantities.Bytes(bytes)} of memory" : "";
        string uptime = Quantities.Duration(TimeSpan.FromSeconds(engine.UptimeSeconds ?? 0));
        terminal.Out.WriteLine($"Engine process {engine.ProcessId}, running for {uptime}{memory}");
        if (engine.Models.Count == 0)
        {
            terminal.Out.WriteLine("No model is loaded.");
            return;
        }

        TextTable.Write(
            terminal.Screen,
            ["NAME", "STATE", ">RUNNING", ">WAITING", ">TOKENS/S", ">KV CACHE", "ID"],
            engine.Models.Select(model => new[]
            {
                model.Name,
                model.LoadFraction is { } loaded
                    ? string.Create(CultureInfo.InvariantCulture, $"{model.State} {loaded:P0}")
                    : $"{model.State}",
                model.Running.ToString(CultureInfo.InvariantCulture),
                model.Waiting.ToString(CultureInfo.InvariantCulture),
                model.TokensPerSecond.ToString("0", CultureInfo.InvariantCulture),
                model.CacheCapacity > 0
                    ? string.Create(CultureInfo.InvariantCulture, $"{100.0 * (model.CachedTokens ?? 0) / model.CacheCapacity.Value:0} %")
                    : "-",
                model.Id,
            }));
    }
}

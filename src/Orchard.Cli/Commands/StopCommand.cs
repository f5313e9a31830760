using System.CommandLine;
using Orchard.Cli.Output;

namespace Orchard.Cli.Commands;

/// <summary><c>orchard stop [MODEL]</c>.</summary>
internal static class StopCommand
{
    public static Command Create(CommandHost host)
    {
        var model = new Argument<string?>("model")
        {
            Description = "Unload only this model, by the name or id that 'orchard ps' shows; without it the engine is stopped",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<bool> json = CommandHost.Json();
        var command = new DocumentedCommand("stop", "Unload a model, or stop the engine, for all applications that share it")
        {
            Examples = "orchard stop starter\norchard stop",
        };
        command.Add(model);
        command.Add(json);
        command.SetAction(async (arguments, cancellationToken) =>
        {
            ClientOptions options = host.CreateOptions(arguments);
            string? name = arguments.GetValue(model);
            bool wasRunning = name is null
                ? await InferenceEngine.StopAsync(options, cancellationToken: cancellationToken).ConfigureAwait(false)
                : await UnloadAsync(options, name, cancellationToken).ConfigureAwait(false);
            if (arguments.GetValue(json))
            {
                host.WriteJson(new StoppedOutput { WasRunning = wasRunning, Model = name }, CliJson.Readable.StoppedOutput);
            }
            else
            {
                host.Terminal.Out.WriteLine((name, wasRunning) switch
                {
                    (null, true) => "The engine has stopped.",
                    (null, false) => "No engine was running.",
                    (_, true) => $"Unloaded {name}.",
                    (_, false) => $"{name} was not loaded.",
                });
            }

            return ExitCodes.Success;
        });
        return command;
    }

    private static async Task<bool> UnloadAsync(ClientOptions options, string name, CancellationToken cancellationToken)
    {
        if (!InferenceEngine.IsRunning(options))
        {
            return false;
        }

        options.StartEngine = false;
        Client client = Client.Create(options);
        await using (client.ConfigureAwait(false))
        {
            EngineSnapshot engine = await client.GetEngineSnapshotAsync(cancellationToken).ConfigureAwait(false);
            string? id = TryFindId(client, name);
            EngineModel? loaded = engine.Models.FirstOrDefault(model =>
                model.State != ModelState.Failed && (model.Id == name || model.Name == name || model.Id == id));
            if (loaded is null)
            {
                return false;
            }

            await client.EvictModelAsync(loaded.Id, cancellationToken).ConfigureAwait(false);
            return true;
        }
    }

    // The model may have been loaded under another of its names, and its file may be gone.
    private static string? TryFindId(Client client, string name)
    {
        try
        {
            return client.Models.GetStatus(name).Id;
        }
        catch (ModelNotFoundException)
        {
            return null;
        }
    }
}

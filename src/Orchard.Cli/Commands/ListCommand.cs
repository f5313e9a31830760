using System.CommandLine;
using Orchard.Cli.Output;
using Orchard.Cli.Terminals;

namespace Orchard.Cli.Commands;

/// <summary><c>orchard list [REPOSITORY]</c>.</summary>
internal static class ListCommand
{
    private const string Starter = "starter";

    public static Command Create(CommandHost host)
    {
        var repository = new Argument<string?>("repository")
        {
            Description = "A repository of the Hugging Face hub: list what it offers instead of what is stored",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<bool> json = CommandHost.Json();
        var command = new DocumentedCommand("list", "List the models that are stored on this machine, or those of a repository of the hub")
        {
            Examples = "orchard list\norchard list Qwen/Qwen3-0.6B-GGUF",
        };
        command.Aliases.Add("ls");
        command.Add(repository);
        command.Add(json);
        command.SetAction(async (arguments, cancellationToken) =>
        {
            Client client = host.CreateClient(arguments);
            await using (client.ConfigureAwait(false))
            {
                await (arguments.GetValue(repository) is { } name
                    ? ListRepositoryAsync(host, client, name, arguments.GetValue(json), cancellationToken)
                    : ListStoredAsync(host, client, arguments.GetValue(json), cancellationToken)).ConfigureAwait(false);
                return ExitCodes.Success;
            }
        });
        return command;
    }

    private static async Task ListStoredAsync(CommandHost host, Client client, bool json, CancellationToken cancellationToken)
    {
        IReadOnlyList<LocalModel> stored = await client.Models.ListLocalAsync(cancellationToken).ConfigureAwait(false);
        StoredModelOutput[] models = [.. FindStarter(client), .. stored.Select(StoredModelOutput.From)];
        if (json)
        {
            host.WriteJson(models, CliJson.Readable.StoredModelOutputArray);
            return;
        }

        TextTable.Write(
            host.Terminal.Screen,
            ["NAME", ">SIZE", "REVISION", "LICENSE"],
            models.Select(model => new[]
            {
                model.Name,
                Quantities.Bytes(model.Bytes),
                model.Revision is { Length: > 8 } revision ? revision[..8] : model.Revision ?? "-",
                model.License ?? "-",
            }));
    }

    private static async Task ListRepositoryAsync(
        CommandHost host, Client client, string repository, bool json, CancellationToken cancellationToken)
    {
        IReadOnlyList<RepositoryModel> models = await client.Models.GetFilesAsync(repository, cancellationToken).ConfigureAwait(false);
        if (json)
        {
            host.WriteJson([.. models.Select(RepositoryModelOutput.From)], CliJson.Readable.RepositoryModelOutputArray);
            return;
        }

        TextTable.Write(
            host.Terminal.Screen,
            ["NAME", ">SIZE", ">FILES", ""],
            models.Select(model => new[]
            {
                model.Name,
                Quantities.Bytes(model.Bytes),
                model.Files.Count.ToString(System.Globalization.CultureInfo.InvariantCulture),
                model.IsComplete ? "" : "parts are missing",
            }));
    }

    // It comes with the command, and is not there if somebody has removed its file.
    private static IEnumerable<StoredModelOutput> FindStarter(Client client)
    {
        ModelStatus status;
        try
        {
            status = client.Models.GetStatus(Starter);
        }
        catch (ModelNotFoundException)
        {
            yield break;
        }

        yield return new StoredModelOutput { Name = Starter, Path = status.Path, Bytes = new FileInfo(status.Path).Length };
    }
}

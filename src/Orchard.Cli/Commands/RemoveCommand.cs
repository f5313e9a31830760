using System.CommandLine;
using Orchard.Cli.Output;

namespace Orchard.Cli.Commands;

/// <summary><c>orchard rm MODEL…</c>.</summary>
internal static class RemoveCommand
{
    public static Command Create(CommandHost host)
    {
        var models = new Argument<string[]>("models")
        {
            Description = "Names as 'orchard list' prints them",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<bool> json = CommandHost.Json();
        var command = new DocumentedCommand("rm", "Delete stored models of the hub and free their disk space")
        {
            Examples = "orchard rm Qwen/Qwen3-0.6B-GGUF:Q8_0",
        };
        command.Add(models);
        command.Add(json);
        command.SetAction(async (arguments, cancellationToken) =>
        {
            Client client = host.CreateClient(arguments);
            await using (client.ConfigureAwait(false))
            {
                var deleted = new List<DeletedOutput>();
                foreach (string name in arguments.GetRequiredValue(models))
                {
                    bool isDeleted = await client.Models.DeleteAsync(name, cancellationToken).ConfigureAwait(false);
                    deleted.Add(new DeletedOutput { Name = name, IsDeleted = isDeleted });
                }

                if (arguments.GetValue(json))
                {
                    host.WriteJson([.. deleted], CliJson.Readable.DeletedOutputArray);
                }
                else
                {
                    deleted.ForEach(model => host.Terminal.Out.WriteLine(
                        model.IsDeleted ? $"Deleted {model.Name}." : $"{model.Name} is not stored."));
                }

                return deleted.TrueForAll(model => model.IsDeleted) ? ExitCodes.Success : ExitCodes.ModelNotFound;
            }
        });
        return command;
    }
}

using System.CommandLine;
using System.Globalization;
using Orchard.Cli.Output;
using Orchard.Cli.Terminals;

namespace Orchard.Cli.Commands;

/// <summary><c>orchard show MODEL</c>.</summary>
internal static class ShowCommand
{
    public static Command Create(CommandHost host)
    {
        Argument<string> model = CommandHost.Model();
        Option<bool> json = CommandHost.Json();
        var command = new DocumentedCommand("show", "Load a model that is stored on this machine, and show its properties")
        {
            Examples = "orchard show starter",
        };
        command.Add(model);
        command.Add(json);
        command.SetAction(async (arguments, cancellationToken) =>
        {
            string name = arguments.GetRequiredValue(model);
            Client client = host.CreateClient(arguments);
            await using (client.ConfigureAwait(false))
            {
                RequireStored(client, name);
                ModelInfo info = await host.LoadAsync(client, name, new ModelOptions(), cancellationToken).ConfigureAwait(false);
                ModelOutput output = ModelOutput.From(info);
                if (arguments.GetValue(json))
                {
                    host.WriteJson(output, CliJson.Readable.ModelOutput);
                }
                else
                {
                    TextTable.WriteProperties(host.Terminal.Screen, Describe(output));
                }

                return ExitCodes.Success;
            }
        });
        return command;
    }

    private static void RequireStored(Client client, string name)
    {
        if (client.Models.GetStatus(name).Path.Length == 0)
        {
            throw new ModelNotFoundException(
                name, $"The model '{name}' is not stored on this machine. Download it first: orchard pull {name}");
        }
    }

    private static IEnumerable<(string Name, string? Value)> Describe(ModelOutput model) =>
    [
        ("path", model.Path),
        ("repository", model.Repository),
        ("revision", model.Revision),
        ("license", model.License),
        ("architecture", model.Architecture),
        ("parameters", model.Parameters is { } count ? Quantities.Count(count) : null),
        ("quantization", model.Quantization),
        ("file size", model.FileBytes is { } bytes ? Quantities.Bytes(bytes) : null),
        ("context", model.ContextLength is { } length
            ? $"{Number(length)} tokens of {Number(model.TrainedContextLength ?? length)}, limited by the {Name(model.ContextLimitedBy)}"
            : null),
        ("sequences at once", model.ParallelSequences is { } sequences ? Number(sequences) : null),
        ("memory", model.ReservedBytes is { } reserved ? Quantities.Bytes(reserved) : null),
        ("embedding length", model.EmbeddingLength is { } dimensions ? Number(dimensions) : null),
        ("tools", YesNo(model.SupportsTools)),
        ("reasoning", YesNo(model.SupportsReasoning)),
        ("chat template", model.HasOwnChatTemplate switch
        {
            true => "of the model",
            false => "ChatML, since the model has none",
            _ => null,
        }),
    ];

    private static string Name(ContextLimit limit) => limit switch
    {
        ContextLimit.Memory => "memory",
        ContextLimit.Option => "options",
        _ => "model",
    };

    private static string? YesNo(bool? value) => value is { } known ? (known ? "yes" : "no") : null;

    private static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
}

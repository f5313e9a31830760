using System.CommandLine;
using Orchard.Cli.Output;
using Orchard.Cli.Terminals;

namespace Orchard.Cli.Commands;

/// <summary><c>orchard pull MODEL</c>.</summary>
internal static class PullCommand
{
    public static Command Create(CommandHost host)
    {
        var model = new Argument<string>("model")
        {
            Description = "A repository of the Hugging Face hub, then optionally : and a quantization, such as Qwen/Qwen3-0.6B-GGUF:Q8_0",
        };
        Option<bool> json = CommandHost.Json();
        var command = new DocumentedCommand("pull", "Download a model of the Hugging Face hub, or its newest version")
        {
            Examples = "orchard pull Qwen/Qwen3-0.6B-GGUF\norchard pull Qwen/Qwen3-0.6B-GGUF:Q8_0",
        };
        command.Add(model);
        command.Add(json);
        command.SetAction((arguments, cancellationToken) => RunAsync(
            host, arguments, arguments.GetRequiredValue(model), arguments.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        CommandHost host, ParseResult arguments, string name, bool json, CancellationToken cancellationToken)
    {
        Client client = host.CreateClient(arguments);
        await using (client.ConfigureAwait(false))
        {
            LocalModel model = await ProgressDisplay.RunAsync(
                host.Terminal, name, progress => client.Models.DownloadAsync(name, progress, cancellationToken)).ConfigureAwait(false);
            if (json)
            {
                host.WriteJson(StoredModelOutput.From(model), CliJson.Readable.StoredModelOutput);
            }
            else
            {
                host.Terminal.Out.WriteLine($"{model.Name}  {Quantities.Bytes(model.Bytes)}  {model.Path}");
            }

            return ExitCodes.Success;
        }
    }
}

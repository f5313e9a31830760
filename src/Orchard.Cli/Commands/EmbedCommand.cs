using System.CommandLine;
using System.Text.Json;
using Orchard.Cli.Output;

namespace Orchard.Cli.Commands;

/// <summary><c>orchard embed MODEL [TEXT…]</c>.</summary>
internal static class EmbedCommand
{
    public static Command Create(CommandHost host)
    {
        Argument<string> model = CommandHost.Model();
        var texts = new Argument<string[]>("texts")
        {
            Description = "The texts; without them, every line of standard input is one",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var dimensions = new Option<int?>("--dimensions") { Description = "Shorten the vectors to this length", HelpName = "N" };
        var pooling = new Option<EmbeddingPooling?>("--pooling")
        {
            Description = "How the vectors of the tokens become one (default: as the model says; chat models need one)",
            HelpName = "mean|cls|last",
        };
        var raw = new Option<bool>("--no-normalize") { Description = "Leave the vectors as they are, instead of making their length 1" };
        var truncate = new Option<bool>("--truncate") { Description = "Cut off texts that are too long, instead of failing" };
        Option<bool> json = CommandHost.Json();
        var command = new DocumentedCommand("embed", "Print the embeddings of texts, one vector per line")
        {
            Examples = "orchard embed starter-embeddings \"first text\" \"second text\"\n"
                + "orchard embed ~/models/encoder.gguf --json < texts.txt",
        };
        command.Add(model);
        command.Add(texts);
        command.Add(dimensions);
        command.Add(pooling);
        command.Add(raw);
        command.Add(truncate);
        command.Add(json);
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var options = new EmbeddingOptions
            {
                Dimensions = arguments.GetValue(dimensions),
                Pooling = arguments.GetValue(pooling) ?? new EmbeddingOptions().Pooling,
                Normalize = !arguments.GetValue(raw),
                Truncate = arguments.GetValue(truncate),
            };
            string name = arguments.GetRequiredValue(model);
            string[] inputs = CommandHost.GetTexts(arguments, texts) is { Length: > 0 } given
                ? given
                : await ReadLinesAsync(host, cancellationToken).ConfigureAwait(false);
            Client client = host.CreateClient(arguments);
            await using (client.ConfigureAwait(false))
            {
                IReadOnlyList<TextEmbedding> embeddings =
                    await client.EmbedAsync(name, inputs, options, cancellationToken).ConfigureAwait(false);
                Write(host, name, embeddings, arguments.GetValue(json));
                return ExitCodes.Success;
            }
        });
        return command;
    }

    private static async Task<string[]> ReadLinesAsync(CommandHost host, CancellationToken cancellationToken)
    {
        string text = host.Terminal.IsInputRedirected
            ? await host.Terminal.In.ReadToEndAsync(cancellationToken).ConfigureAwait(false)
            : "";
        string[] lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return lines.Length > 0
            ? lines
            : throw new UsageException("There is no text to embed. Pass texts as arguments, or lines on standard input.");
    }

    private static void Write(CommandHost host, string model, IReadOnlyList<TextEmbedding> embeddings, bool json)
    {
        if (!json)
        {
            foreach (TextEmbedding embedding in embeddings)
            {
                host.Terminal.Out.WriteLine(JsonSerializer.Serialize(embedding.Vector.ToArray(), CliJson.Compact.SingleArray));
            }

            return;
        }

        var output = new EmbeddingsOutput
        {
            Model = model,
            Embeddings =
            [
                .. embeddings.Select((embedding, index) => new EmbeddingOutput
                {
                    Index = index,
                    Tokens = embedding.TokenCount,
                    Vector = embedding.Vector.ToArray(),
                }),
            ],
        };
        host.Terminal.Out.WriteLine(JsonSerializer.Serialize(output, CliJson.Compact.EmbeddingsOutput));
    }
}

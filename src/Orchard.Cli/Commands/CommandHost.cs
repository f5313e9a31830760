using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Orchard.Cli.Terminals;

namespace Orchard.Cli.Commands;

/// <summary>What the commands share: the terminal, the options of the client, and how results are written.</summary>
internal sealed class CommandHost(Terminal terminal)
{
    public Terminal Terminal => terminal;

    /// <summary>The option for the namespace of the engine, which every command has.</summary>
    public Option<string?> EngineRoot { get; } = new("--engine-root")
    {
        Description = "Folder of the engine (default: ORCHARD_CACHE_ROOT, or else the one that all applications of the user share)",
        HelpName = "DIR",
        Recursive = true,
    };

    /// <summary>Returns the options of the client for this command line.</summary>
    public ClientOptions CreateOptions(ParseResult arguments) => new() { EngineRoot = arguments.GetValue(EngineRoot) };

    /// <summary>Returns a client that connects when it has to.</summary>
    public Client CreateClient(ParseResult arguments) => Client.Create(CreateOptions(arguments));

    /// <summary>Loads a model and shows the progress.</summary>
    public Task<ModelInfo> LoadAsync(Client client, string model, ModelOptions options, CancellationToken cancellationToken) =>
        ProgressDisplay.RunAsync(
            terminal, model, progress => client.Models.EnsureLoadedAsync(model, options, progress, cancellationToken));

    /// <summary>Writes a result as JSON.</summary>
    public void WriteJson<T>(T value, JsonTypeInfo<T> type) => terminal.Out.WriteLine(JsonSerializer.Serialize(value, type));

    /// <summary>Returns the texts of an argument that takes any, but not those that were meant as options.</summary>
    /// <exception cref="UsageException">One of them looks like an option, and is not after <c>--</c>.</exception>
    public static string[] GetTexts(ParseResult arguments, Argument<string[]> texts)
    {
        string[] values = arguments.GetValue(texts) ?? [];
        return values.FirstOrDefault(IsOption) is not { } option || arguments.Tokens.Any(token => token.Type == TokenType.DoubleDash)
            ? values
            : throw new UsageException($"There is no option {option}. If it is a text, write -- before it.");
    }

    /// <summary>Creates the option for JSON output.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Print the result as JSON" };

    /// <summary>Creates the argument for a model.</summary>
    public static Argument<string> Model()
    {
        var model = new Argument<string>("model")
        {
            HelpName = "model", // or help would show what completes it
            Description = "starter, the path of a GGUF file, or a repository of the Hugging Face hub such as Qwen/Qwen3-0.6B-GGUF:Q8_0",
        };
        model.CompletionSources.Add("starter");
        return model;
    }

    private static bool IsOption(string text) =>
        text.StartsWith("--", StringComparison.Ordinal) && text.Length > 2 && !text.Any(char.IsWhiteSpace);
}

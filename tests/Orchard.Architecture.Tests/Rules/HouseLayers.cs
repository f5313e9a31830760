namespace Orchard.Architecture.Tests.Rules;

/// <summary>The layers of every project, each from the top down. A new folder gets its place here first.</summary>
internal static class HouseLayers
{
    /// <summary>The tables, one for each project with code.</summary>
    public static IReadOnlyList<LayerTable> All { get; } =
    [
        new("Orchard",
        [
            [""],
            ["Calls/Responses", "Routing"],
            ["Calls/Chat", "Calls/Embeddings", "Calls/Tokens"],
            ["Calls"],
            ["Calls/Telemetry"],
            ["Models"],
            ["Connection"],
            ["Connection/Transport", "Processes"],
            ["Configuration"],
            ["Formatting"],
            ["Formatting/Forms"],
            ["Responses"],
            ["Chat", "Embeddings"],
            ["Tools", "Media"],
            ["Schemas"],
            ["Validation", "Diagnostics", "Concurrency"],
            ["Callbacks"],
            ["Errors"],
        ]),
        new("Orchard.Engine",
        [
            [""],
            ["Hosting"],
            ["Serving/Management", "Serving/Heartbeats"],
            ["Serving/Clients"],
            ["Serving/Requests"],
            ["Serving/Models", "Serving/Responses"],
            ["Serving/Publishing", "Serving"],
            ["Scheduling"],
            ["Prefixes"],
            ["Output", "Inference"],
            ["Native"],
            ["Diagnostics", "Files"],
        ]),

        // Exceptions and the names of files are at the root, below everything else but the system calls about files.
        new("Orchard.Protocol",
        [
            ["Sockets", "Processes", "Messages/Deltas", "Messages/Events"],
            ["Messages/Management", "Messages/Requests/Codec"],
            ["Messages/Requests"],
            ["Messages/Json"],
            ["Messages"],
            [""],
            ["Files", "Media"],
        ]),

        // From tokens down to characters; the exception and the compilation budget are at the root.
        new("Orchard.Grammars",
        [
            ["Tokens"],
            ["Automata", "Schemas/Validation"],
            ["Compilation", "Gbnf", "Schemas/Compilation"],
            ["Schemas/Reading", "Json"],
            ["Schemas"],
            ["Regular"],
            ["Nodes"],
            ["Characters"],
            [""],
        ]),
        new("Orchard.Templates",
        [
            [""],
            ["Parsing"],
            ["Evaluation", "Evaluation/Statements", "Evaluation/Expressions"],
            ["Library"],
            ["Library/Filters", "Library/Globals", "Library/Methods"],
            ["Library/Strings"],
            ["Operations"],
            ["Runtime"],
            ["Values"],
            ["Python", "Limits", "Syntax"],
        ]),
        new("Orchard.Hub",
        [
            [""],
            ["Store", "Transfer"],
            ["Files"],
            ["Settings"],
            ["Errors"],
        ]),
        new("Orchard.Extensions.AI",
        [
            ["Health"],
            ["Hosting"],
            [""],
        ]),

        // From the endpoint down to its settings: what is asked for, how it is written, how it travels, how it is read.
        new("Orchard.Remote",
        [
            [""],
            ["Chat", "Texts"],
            ["Models"],
            ["Requests"],
            ["Transport"],
            ["Wire"],
            ["Errors"],
            ["Configuration"],
        ]),

        // From the whole application down to its options; a dialect knows no other dialect, except LM Studio's, which extends OpenAI's.
        new("Orchard.Server",
        [
            ["Hosting"],
            ["OpenApi"],
            ["LmStudio", "Health", "Metrics", "Page"],
            ["OpenAI", "Anthropic", "Ollama"],
            ["Serving"],
            ["Generation"],
            ["Models", "Security", "Streaming"],
            ["Json", "Errors"],
            ["Configuration"],
        ]),

        new("Orchard.Aspire.Hosting", [[""]]),

        // The exit codes and the exception for wrong command lines are below all commands.
        new("Orchard.Cli",
        [
            ["Program.cs", "OrchardCommand.cs"],
            ["Commands"],
            ["Chat", "Bench", "Doctor/Examination.cs", "Launch", "Mcp"],
            ["Doctor/Checks"],
            ["Doctor"],
            ["Output", "Terminals"],
            [""],
        ]),
        new("Orchard.Testing",
        [
            [""],
            ["Wire"],
        ]),
    ];
}

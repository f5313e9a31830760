using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace Orchard.Cli.Mcp;

/// <summary>The tools of the MCP server: what they are called, what they take, and what they do.</summary>
/// <param name="client">The client.</param>
/// <param name="defaultModel">The model for calls that name none.</param>
internal sealed class McpTools(Client client, string defaultModel)
{
    private const string Chat = "chat";
    private const string Embed = "embed";
    private const string Models = "models";

    /// <summary>Descriptions of the tools.</summary>
    public IList<ModelContextProtocol.Protocol.Tool> Descriptions { get; } =
    [
        Describe(
            Chat,
            "Asks a large language model that runs on this machine, and returns its answer.",
            $$"""
            {
              "type": "object",
              "properties": {
                "prompt": { "type": "string", "description": "What to ask" },
                "system": { "type": "string", "description": "What the model is told before" },
                "model": { "type": "string", "description": "The model, as the tool models lists it; without it {{Escape(defaultModel)}}" },
                "max_tokens": { "type": "integer", "minimum": 1, "description": "The most tokens of the answer" },
                "temperature": { "type": "number", "minimum": 0, "description": "Randomness; at 0 always the most likely token" }
              },
              "required": ["prompt"]
            }
            """),
        Describe(
            Embed,
            "Returns the embeddings of texts: a JSON array with a vector for each text.",
            """
            {
              "type": "object",
              "properties": {
                "texts": { "type": "array", "items": { "type": "string" }, "minItems": 1, "description": "The texts" },
                "model": { "type": "string", "description": "Name of a model for embeddings" }
              },
              "required": ["texts", "model"]
            }
            """),
        Describe(
            Models,
            "Lists the models that are stored on this machine: a JSON array of their names.",
            """{ "type": "object", "properties": {} }"""),
    ];

    /// <summary>Calls a tool. Errors of the call are results that say so.</summary>
    public async Task<CallToolResult> CallAsync(CallToolRequestParams call, CancellationToken cancellationToken)
    {
        var arguments = new McpArguments(call.Arguments);
        try
        {
            return Text(call.Name switch
            {
                Chat => await ChatAsync(arguments, cancellationToken).ConfigureAwait(false),
                Embed => await EmbedAsync(arguments, cancellationToken).ConfigureAwait(false),
                Models => await ListAsync(cancellationToken).ConfigureAwait(false),
                _ => throw new UsageException($"There is no tool '{call.Name}'."),
            });
        }
        catch (Exception e) when (e is OrchardException or ArgumentException or UsageException or IOException)
        {
            CallToolResult result = Text(ExitCodes.Describe(e));
            result.IsError = true;
            return result;
        }
    }

    private async Task<string> ChatAsync(McpArguments arguments, CancellationToken cancellationToken)
    {
        var options = new GenerationOptions
        {
            MaxOutputTokens = arguments.FindInteger("max_tokens"),
            Temperature = arguments.FindNumber("temperature"),
        };
        Message question = Message.User(arguments.RequireText("prompt"));
        ChatResult answer = await client.ChatAsync(
            arguments.FindText("model") ?? defaultModel,
            arguments.FindText("system") is { } system ? [Message.System(system), question] : [question],
            options,
            cancellationToken).ConfigureAwait(false);
        return answer.Error is { } error ? throw error : answer.Text;
    }

    private async Task<string> EmbedAsync(McpArguments arguments, CancellationToken cancellationToken)
    {
        IReadOnlyList<TextEmbedding> embeddings = await client.EmbedAsync(
            arguments.RequireText("model"), arguments.RequireTexts("texts"), cancellationToken: cancellationToken).ConfigureAwait(false);
        float[][] vectors = [.. embeddings.Select(embedding => embedding.Vector.ToArray())];
        return JsonSerializer.Serialize(vectors, McpJson.Default.SingleArrayArray);
    }

    private async Task<string> ListAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<LocalModel> stored = await client.Models.ListLocalAsync(cancellationToken).ConfigureAwait(false);
        string[] names = [.. stored.Select(model => model.Name).Prepend(defaultModel).Distinct(StringComparer.Ordinal)];
        return JsonSerializer.Serialize(names, McpJson.Default.StringArray);
    }

    private static string Escape(string text) => JsonEncodedText.Encode(text).ToString();

    private static CallToolResult Text(string text) => new() { Content = [new TextContentBlock { Text = text }] };

    private static ModelContextProtocol.Protocol.Tool Describe(string name, string description, string schema) => new()
    {
        Name = name,
        Description = description,
        InputSchema = JsonDocument.Parse(schema).RootElement,
    };
}

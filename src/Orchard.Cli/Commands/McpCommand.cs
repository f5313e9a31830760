using System.CommandLine;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Orchard.Cli.Mcp;

namespace Orchard.Cli.Commands;

/// <summary><c>orchard mcp</c>.</summary>
internal static class McpCommand
{
    private const string Name = "orchard";

    public static Command Create(CommandHost host)
    {
        var model = new Option<string>("--model")
        {
            Description = "The model for calls that name none",
            HelpName = "MODEL",
            DefaultValueFactory = _ => "starter",
        };
        var command = new DocumentedCommand(
            "mcp", "Serve the tools chat, embed and models to an agent, by the Model Context Protocol on standard input and output")
        {
            Examples = "claude mcp add orchard -- orchard mcp --model Qwen/Qwen3-0.6B-GGUF",
        };
        command.Add(model);
        command.SetAction(async (arguments, cancellationToken) =>
        {
            Client client = host.CreateClient(arguments);
            await using (client.ConfigureAwait(false))
            {
                await ServeAsync(new McpTools(client, arguments.GetRequiredValue(model)), cancellationToken).ConfigureAwait(false);
                return ExitCodes.Success;
            }
        });
        return command;
    }

    private static async Task ServeAsync(McpTools tools, CancellationToken cancellationToken)
    {
        var options = new McpServerOptions
        {
            ServerInfo = new Implementation { Name = Name, Version = typeof(McpCommand).Assembly.GetName().Version?.ToString(3) ?? "0" },
            Capabilities = new ServerCapabilities { Tools = new ToolsCapability() },
            Handlers = new McpServerHandlers
            {
                ListToolsHandler = (_, _) => ValueTask.FromResult(new ListToolsResult { Tools = tools.Descriptions }),
                CallToolHandler = async (request, token) => await tools.CallAsync(request.Params!, token).ConfigureAwait(false),
            },
        };
        var transport = new StdioServerTransport(Name);
        await using (transport.ConfigureAwait(false))
        {
            McpServer server = McpServer.Create(transport, options);
            await using (server.ConfigureAwait(false))
            {
                await server.RunAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }
}

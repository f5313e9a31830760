#!/usr/bin/env bash
# ModelContextProtocol 2.4.0: the result of a tool with structured content reaches the model as the whole message of the protocol: the data
# twice, as text within `content` and as `structuredContent`, with `_meta` and `resultType` around them. The same tool without structured
# content gives the plain text. Guess before the run: the structured content alone.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
cat > app.cs <<'CS'
#:package ModelContextProtocol@2.4.0
#:property PublishAot=false
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.Extensions.AI;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

Pipe requests = new(), answers = new();
var options = new McpServerOptions { ServerInfo = new() { Name = "weather", Version = "1" }, ToolCollection = [] };
foreach (bool isStructured in (bool[])[false, true])
{
    options.ToolCollection.Add(McpServerTool.Create(
        () => new Weather("Oslo", -3), new() { Name = isStructured ? "structured" : "plain", UseStructuredContent = isStructured }));
}

await using var server = McpServer.Create(new StreamServerTransport(requests.Reader.AsStream(), answers.Writer.AsStream()), options);
Task running = server.RunAsync();
await using var client = await McpClient.CreateAsync(new StreamClientTransport(requests.Writer.AsStream(), answers.Reader.AsStream()));
bool seen = true;
foreach (McpClientTool tool in (await client.ListToolsAsync()).OrderBy(tool => tool.Name))
{
    object? result = await tool.InvokeAsync(new AIFunctionArguments());
    string text = result is TextContent content ? content.Text : JsonSerializer.Serialize(result);
    Console.WriteLine($"{tool.Name}: {text}");
    seen &= tool.Name == "plain"
        ? text == """{"city":"Oslo","degrees":-3}"""
        : text.Split("Oslo").Length == 3 && text.Contains("_meta") && text.Contains("resultType");
}

return seen ? 0 : 1;

sealed record Weather(string City, int Degrees);
CS
dotnet run app.cs

using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Orchard.TestSupport;

namespace Orchard.Cli.Tests;

/// <summary><c>orchard mcp</c>, as a process that a client of the protocol starts.</summary>
public sealed class McpTests(EngineFixture fixture) : IAsyncLifetime
{
    private McpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        var transport = new StdioClientTransport(new StdioClientTransportOptions
        {
            Name = "orchard",
            Command = CommandProcess.Executable,
            Arguments = ["mcp", "--engine-root", fixture.EngineRoot],
        });
        _client = await McpClient.CreateAsync(transport).OrBroken("the connection");
    }

    public async ValueTask DisposeAsync() => await _client.DisposeAsync();

    [Fact]
    public async Task Tools_AreOfferedAndWork()
    {
        IList<McpClientTool> tools = await _client.ListToolsAsync().AsTask().OrBroken("the tools");
        (bool chatFailed, string chat) = await CallAsync("chat", new() { ["prompt"] = "What is the capital of France?", ["temperature"] = 0 });
        (bool listFailed, string models) = await CallAsync("models", []);

        Assert.Equal(["chat", "embed", "models"], tools.Select(tool => tool.Name).Order());
        Assert.Equal((false, "The capital of France is Paris."), (chatFailed, chat));
        Assert.False(listFailed);
        Assert.Contains("starter", JsonSerializer.Deserialize<string[]>(models)!);
    }

    [Fact]
    public async Task Mistake_IsAResultThatSaysSo()
    {
        (string Arguments, string Expected)[] mistakes =
        [
            ("""{}""", "prompt"),
            ("""{"prompt": 5}""", "must be a text"),
            ("""{"prompt": "x", "max_tokens": "many"}""", "whole number"),
            ("""{"prompt": "x", "temperature": -1}""", "temperature is -1; allowed is 0 to 10."),
            ("""{"prompt": "x", "model": "nonsense"}""", "nonsense"),
        ];
        foreach ((string arguments, string expected) in mistakes)
        {
            (bool failed, string text) = await CallAsync("chat", JsonSerializer.Deserialize<Dictionary<string, object?>>(arguments)!);

            Assert.True(failed);
            Assert.Contains(expected, text, StringComparison.Ordinal);
        }
    }

    private async Task<(bool IsError, string Text)> CallAsync(string tool, Dictionary<string, object?> arguments)
    {
        CallToolResult result = await _client.CallToolAsync(tool, arguments).AsTask().OrBroken($"the result of {tool}");
        return (result.IsError ?? false, Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);
    }
}

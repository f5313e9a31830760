using System.ComponentModel;
using System.IO.Pipelines;
using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Orchard.Ecosystem.Tests;

/// <summary>Model Context Protocol: a server in this process, whose tools the model is made to call, one after the other.</summary>
public sealed class McpTests(EngineFixture fixture) : IAsyncLifetime
{
    private static readonly string LongName = "weather." + new string('x', 120);

    private readonly CancellationTokenSource _stop = new();
    private McpServer? _server;
    private McpClient? _client;
    private Task? _running;

    public async ValueTask InitializeAsync()
    {
        var up = new Pipe();
        var down = new Pipe();
        var options = new McpServerOptions { ServerInfo = new Implementation { Name = "test", Version = "1" }, ToolCollection = [] };
        foreach (McpServerTool tool in Tools())
        {
            options.ToolCollection.Add(tool);
        }

        _server = McpServer.Create(new StreamServerTransport(up.Reader.AsStream(), down.Writer.AsStream(), "test"), options);
        _running = _server.RunAsync(_stop.Token);
        _client = await McpClient.CreateAsync(new StreamClientTransport(up.Writer.AsStream(), down.Reader.AsStream())).OrBroken("the connection");
    }

    public async ValueTask DisposeAsync()
    {
        await _client!.DisposeAsync();
        await _stop.CancelAsync();
        await _running!.ContinueWith(static _ => { }, TaskScheduler.Default);
        await _server!.DisposeAsync();
        _stop.Dispose();
    }

    public static TheoryData<string> Names => [.. Tools().Select(tool => tool.ProtocolTool.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Tool_OfEveryForm_IsCalledAndItsResultRead(string name)
    {
        IList<McpClientTool> tools = await _client!.ListToolsAsync().AsTask().OrBroken("the tools");
        using IChatClient chat = new FunctionInvokingChatClient(fixture.Chat);

        // All tools are offered, and this one is required.
        ChatResponse response = await chat.GetResponseAsync(
            "Go.", new ChatOptions { Tools = [.. tools], ToolMode = ChatToolMode.RequireSpecific(name), AllowMultipleToolCalls = false, MaxOutputTokens = 400, Seed = 1 })
            .OrBroken("the answer");

        AIContent[] contents = [.. response.Messages.SelectMany(message => message.Contents)];
        FunctionCallContent call = contents.OfType<FunctionCallContent>().First();
        Assert.Equal(name, call.Name);
        Assert.True(call.InformationalOnly || contents.OfType<FunctionResultContent>().Any(result => result.CallId == call.CallId));
    }

    private static IEnumerable<McpServerTool> Tools()
    {
        yield return Create("text", (string city) => $"18 degrees in {city}");
        yield return Create("number", (int a, double b) => a + b);
        yield return Create("optional", (string? city = null, bool verbose = false, int days = 3) => $"{city} {verbose} {days}");
        yield return Create("list", (List<string> cities, int[] days) => cities.Count + days.Length);
        yield return Create("choice", (Season season) => season.ToString());
        yield return Create("record", (Person person) => person.Name);
        yield return Create("map", (Dictionary<string, int> counts) => counts.Count);
        yield return Create("dates", (DateTimeOffset at, DateOnly day) => $"{at} {day}");
        yield return Create("identifier", (Guid id, Uri link) => $"{id} {link}");
        yield return Create("nothing", () => "done");
        yield return Create("anything", (JsonElement value) => value.ToString());
        yield return Create("image", () => (ContentBlock)ImageContentBlock.FromBytes(new byte[200_000], "image/png"));
        yield return McpServerTool.Create(() => new Person("Lena", 3, [Season.Spring]), new McpServerToolCreateOptions { Name = "structured", UseStructuredContent = true });
        yield return Create("failing", string () => throw new InvalidOperationException("out of order"));
        yield return Create("admin.tools.list", () => "dotted");
        yield return Create(LongName, (string city) => city);
    }

    private static McpServerTool Create(string name, Delegate method) =>
        McpServerTool.Create(method, new McpServerToolCreateOptions { Name = name, Description = $"The tool {name}." });

    private enum Season
    {
        Spring,
        Autumn,
    }

    private sealed record Person([property: Description("The name.")] string Name, int Age, Season[] Likes);
}

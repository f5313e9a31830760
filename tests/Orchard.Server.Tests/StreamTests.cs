using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Server.Tests;

/// <summary>Streams that fail, wait or are left, on a scripted engine.</summary>
public sealed class StreamTests
{
    private const string Streamed = """{"model": "starter", "stream": true, "messages": [{"role": "user", "content": "Hi"}]}""";

    public static TheoryData<string, string, string> Dialects => new()
    {
        { "/v1/chat/completions", Streamed, "event: error\ndata: {\"error\":{" },
        { "/v1/messages", Streamed, "event: error\ndata: {\"type\":\"error\"" },
        { "/api/chat", """{"model": "starter", "messages": [{"role": "user", "content": "Hi"}]}""", "{\"error\":\"" },
        { "/v1/responses", """{"model": "starter", "stream": true, "input": "Hi"}""", "event: error\ndata: {\"type\":\"error\"" },
    };

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Failure_InTheMiddle_IsWrittenAndTheStreamHasNoEnd(string path, string request, string error)
    {
        await using var engine = new FakeEngine(new EngineScript().Answer(new FakeReply().Say("Hello").Fail("The engine has failed.")));
        await using Client client = await engine.ConnectAsync();
        await using TestServer server = await TestServer.StartAsync(client, failures: ["The answer failed", "A request to"]);

        (string text, bool isWhole) = await ReadAsync(await server.SendAsync(path, request));

        Assert.Contains("Hello", text, StringComparison.Ordinal);
        Assert.Contains(error, text, StringComparison.Ordinal);
        Assert.Contains("The engine has failed.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
        Assert.Equal(path == "/v1/responses", isWhole); // its error is an event that clients read
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Failure_BeforeTheFirstPart_HasItsStatus(string path, string request, string error)
    {
        _ = error;
        await using var engine = new FakeEngine(
            new EngineScript().Answer(new FakeReply().Refuse("Too much.", RequestErrorCodes.Overloaded)));
        await using Client client = await engine.ConnectAsync();
        await using TestServer server = await TestServer.StartAsync(client);

        using HttpResponseMessage response = await server.SendAsync(path, request);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("1", Assert.Single(response.Headers.GetValues("Retry-After")));
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Wait_ForTheFirstPart_SendsHeadersAndThenHeartbeats(string path, string request, string error)
    {
        _ = error;
        var gate = new EngineGate();
        var time = new FakeTimeProvider();
        await using var engine = new FakeEngine(new EngineScript().Answer(new FakeReply().Wait(gate).Say("Hello")));
        await using Client client = await engine.ConnectAsync();
        await using TestServer server = await TestServer.StartAsync(
            client, build: builder => builder.Services.AddSingleton<TimeProvider>(time));

        Task<HttpResponseMessage> sent = server.SendAsync(path, request);
        await gate.Reached.OrBroken("the request");
        await AdvanceAsync(time, sent, "the headers");
        using HttpResponseMessage response = await sent;
        using var body = new StreamReader(await response.Content.ReadAsStreamAsync());
        for (int i = 0; i < 3; i++)
        {
            Task<string?> line = body.ReadLineAsync();
            await AdvanceAsync(time, line, "a heartbeat");
        }

        gate.Open();
        Assert.Contains("Hello", await body.ReadToEndAsync().OrBroken("the answer"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task ClientThatLeaves_CancelsTheRequest(string path, string request, string error)
    {
        _ = error;
        var gate = new EngineGate();
        await using var engine = new FakeEngine(new EngineScript().Answer(new FakeReply().Say("Hello").Wait(gate).Say("world")));
        await using Client client = await engine.ConnectAsync();
        await using TestServer server = await TestServer.StartAsync(client);

        HttpResponseMessage response = await server.SendAsync(path, request).OrBroken("the headers");
        await gate.Reached.OrBroken("the first part");
        response.Dispose();

        await UntilCancelledAsync(engine).OrBroken("the cancellation in the engine");
        await server.UntilIdleAsync();
    }

    [Fact]
    public async Task ClientThatLeaves_WhileItsWholeAnswerIsMade_CancelsTheRequest()
    {
        var gate = new EngineGate();
        await using var engine = new FakeEngine(new EngineScript().Answer(new FakeReply().Wait(gate).Say("world")));
        await using Client client = await engine.ConnectAsync();
        await using TestServer server = await TestServer.StartAsync(client);
        using var leave = new CancellationTokenSource();
        using var content = new StringContent(
            """{"model": "starter", "messages": [{"role": "user", "content": "Hi"}]}""", Encoding.UTF8, "application/json");

        Task<HttpResponseMessage> sent = server.Http.PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), content, leave.Token);
        await gate.Reached.OrBroken("the request");
        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sent);
        await UntilCancelledAsync(engine).OrBroken("the cancellation in the engine");
        await server.UntilIdleAsync();
    }

    [Fact]
    public async Task ReasoningAndCalls_AreChunksOfTheirOwn_InBothFields()
    {
        await using var engine = new FakeEngine(new EngineScript().Answer(
            new FakeReply().Reason("Let me see.").Call("get_weather", ["{\"city\":", "\"Paris\"}"])));
        await using Client client = await engine.ConnectAsync();
        await using TestServer server = await TestServer.StartAsync(client);
        const string request = """
            {"model": "starter", "stream": true, "messages": [{"role": "user", "content": "Hi"}],
             "tools": [{"type": "function", "function": {"name": "get_weather"}}]}
            """;

        (string Name, JsonNode Data)[] events = await Wire.ReadEventsAsync(await server.PostAsync("/v1/chat/completions", request));

        JsonNode[] deltas = [.. events[..^1].Select(one => one.Data["choices"]![0]!["delta"]!)];
        JsonNode reasoning = deltas.First(delta => delta["reasoning"] is not null);
        Assert.Equal((string?)reasoning["reasoning"], (string?)reasoning["reasoning_content"]);
        JsonNode[] calls = [.. deltas.Select(delta => delta["tool_calls"]?[0]).OfType<JsonNode>()];
        Assert.All(calls, call => Assert.Equal(0, (int)call["index"]!));
        Assert.Single(calls, call => call["id"] is not null && call["type"] is not null && call["function"]!["name"] is not null);
        Assert.NotNull(calls[0]["id"]);
        Assert.Equal("{\"city\":\"Paris\"}", string.Concat(calls.Select(call => (string?)call["function"]!["arguments"])));
        Assert.Equal("tool_calls", (string?)events[^2].Data["choices"]![0]!["finish_reason"]);
    }

    private static async Task UntilCancelledAsync(FakeEngine engine)
    {
        while ((await engine.NextCommandAsync()).Kind != FakeCommandKind.CancelRequest)
        {
        }
    }

    private static async Task AdvanceAsync(FakeTimeProvider time, Task task, string what)
    {
        async Task Run()
        {
            while (!task.IsCompleted)
            {
                time.Advance(TimeSpan.FromSeconds(1));
                await Task.Delay(5);
            }
        }

        await Run().OrBroken(what);
    }

    // Reads what there is, and whether it ended as it should.
    private static async Task<(string Text, bool IsWhole)> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var text = new StringBuilder();
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            char[] buffer = new char[1024];
            try
            {
                for (int count; (count = await reader.ReadAsync(buffer)) > 0;)
                {
                    text.Append(buffer, 0, count);
                }

                return (text.ToString(), true);
            }
            catch (HttpIOException)
            {
                return (text.ToString(), false);
            }
        }
    }
}

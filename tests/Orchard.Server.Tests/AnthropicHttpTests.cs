using System.Net;
using System.Text.Json.Nodes;

namespace Orchard.Server.Tests;

/// <summary>Anthropic's API as its JSON.</summary>
public sealed class AnthropicHttpTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Tools = """
        [{"name": "get_weather", "description": "Gets the weather of a city.",
          "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}]
        """;

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task Messages_Question_IsAnswered()
    {
        JsonNode body = await Wire.ReadAsync(await Server.PostAsync("/v1/messages", """
            {"model": "starter", "max_tokens": 64, "temperature": 0, "system": [{"type": "text", "text": "Answer in one sentence."}],
             "messages": [{"role": "user", "content": [{"type": "text", "text": "What is the capital of France?"}]}]}
            """));

        Assert.Equal(("message", "assistant", "end_turn"), ((string?)body["type"], (string?)body["role"], (string?)body["stop_reason"]));
        Assert.Contains("Paris", (string?)body["content"]!.AsArray()[^1]!["text"], StringComparison.Ordinal);
        Assert.True((int)body["usage"]!["input_tokens"]! + (int)body["usage"]!["cache_read_input_tokens"]! > 0);
        Assert.True((int)body["usage"]!["output_tokens"]! > 0);
    }

    [Fact]
    public async Task Messages_Streamed_EventsAreInOrder()
    {
        (string Name, JsonNode Data)[] events = await Wire.ReadEventsAsync(await Server.PostAsync("/v1/messages", """
            {"model": "starter", "max_tokens": 64, "temperature": 0, "stream": true,
             "messages": [{"role": "user", "content": "What is the capital of France?"}]}
            """));

        Assert.All(events, one => Assert.Equal(one.Name, (string?)one.Data["type"]));
        Assert.Equal(
            ["message_start", "content_block_start", "content_block_delta", "content_block_stop", "message_delta", "message_stop"],
            events.Select(one => one.Name).Distinct());
        Assert.Contains("Paris", string.Concat(events.Select(one => (string?)one.Data["delta"]?["text"])), StringComparison.Ordinal);
        Assert.Equal("end_turn", (string?)events[^2].Data["delta"]!["stop_reason"]);
        Assert.True((int)events[^2].Data["usage"]!["output_tokens"]! > 0);
    }

    [Fact]
    public async Task Tools_Forced_AreCalledAndTheirResultIsRead()
    {
        JsonNode asked = await Wire.ReadAsync(await Server.PostAsync("/v1/messages", $$"""
            {"model": "starter", "max_tokens": 200, "temperature": 0, "tools": {{Tools}},
             "tool_choice": {"type": "tool", "name": "get_weather", "disable_parallel_tool_use": true},
             "messages": [{"role": "user", "content": "What is the weather in Paris?"}]}
            """));

        JsonNode call = asked["content"]!.AsArray()[^1]!;
        Assert.Equal(("tool_use", "get_weather"), ((string?)call["type"], (string?)call["name"]));
        Assert.Equal("tool_use", (string?)asked["stop_reason"]);
        Assert.NotNull(call["input"]!["city"]);

        using HttpResponseMessage answered = await Server.PostAsync("/v1/messages", $$"""
            {"model": "starter", "max_tokens": 64, "temperature": 0, "tools": {{Tools}}, "messages": [
              {"role": "user", "content": "What is the weather in Paris?"},
              {"role": "assistant", "content": [{"type": "thinking", "thinking": "Hm.", "signature": "x"}, {{call.ToJsonString()}}]},
              {"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": {{call["id"]!.ToJsonString()}}, "content": [{"type": "text", "text": "sunny"}]}]}]}
            """);
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
    }

    [Fact]
    public async Task Tools_Streamed_ArgumentsAreJson()
    {
        (string Name, JsonNode Data)[] events = await Wire.ReadEventsAsync(await Server.PostAsync("/v1/messages", $$"""
            {"model": "starter", "max_tokens": 200, "temperature": 0, "stream": true, "tools": {{Tools}}, "tool_choice": {"type": "any"},
             "messages": [{"role": "user", "content": "What is the weather in Paris?"}]}
            """));

        JsonNode start = events.First(one => (string?)one.Data["content_block"]?["type"] == "tool_use").Data;
        string arguments = string.Concat(events
            .Where(one => one.Name == "content_block_delta" && (int)one.Data["index"]! == (int)start["index"]!)
            .Select(one => (string?)one.Data["delta"]!["partial_json"]));
        Assert.NotNull(JsonNode.Parse(arguments)!["city"]);
        Assert.Equal("tool_use", (string?)events[^2].Data["delta"]!["stop_reason"]);
    }

    [Fact]
    public async Task CountTokens_IsWhatTheAnswerReports_AndTheBillingLineDoesNotCount()
    {
        const string conversation = """
            "model": "starter", "max_tokens": 1, "messages": [{"role": "user", "content": "What is the capital of France?"}]
            """;
        JsonNode counted = await Wire.ReadAsync(await Server.PostAsync("/v1/messages/count_tokens", $"{{{conversation}}}"));
        JsonNode billed = await Wire.ReadAsync(await Server.PostAsync("/v1/messages/count_tokens", $$"""
            { {{conversation}}, "system": [{"type": "text", "text": "x-anthropic-billing-header: cc_version=1; cch=12345;"}]}
            """));
        JsonNode answer = await Wire.ReadAsync(await Server.PostAsync("/v1/messages", $"{{{conversation}}}"));

        JsonNode usage = answer["usage"]!;
        Assert.Equal((int)usage["input_tokens"]! + (int)usage["cache_read_input_tokens"]!, (int)counted["input_tokens"]!);
        Assert.Equal((int)counted["input_tokens"]!, (int)billed["input_tokens"]!);
    }

    [Theory]
    [InlineData("""{"model": "none", "messages": [{"role": "user", "content": "Hi"}]}""", 404, "not_found_error")]
    [InlineData("""{"model": "starter", "messages": []}""", 400, "invalid_request_error")]
    [InlineData("""{"model": "starter", "messages": [{"role": "user", "content": [{"type": "image"}]}]}""", 400, "invalid_request_error")]
    [InlineData(
        """{"model": "starter", "messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "I am"}]}""",
        400,
        "invalid_request_error")]
    public async Task Errors_HaveTheDialectsShape(string request, int status, string type)
    {
        using HttpResponseMessage response = await Server.PostAsync("/v1/messages", request);

        JsonNode body = await Wire.ReadAsync(response);
        Assert.Equal((status, "error", type), ((int)response.StatusCode, (string?)body["type"], (string?)body["error"]!["type"]));
    }
}

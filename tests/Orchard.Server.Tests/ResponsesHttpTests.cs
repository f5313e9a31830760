using System.Net;
using System.Text.Json.Nodes;

namespace Orchard.Server.Tests;

/// <summary>The Responses API as its JSON.</summary>
public sealed class ResponsesHttpTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private TestServer Server => fixture.Server;

    [Fact]
    public async Task Response_IsStoredContinuedAndDeleted()
    {
        JsonNode first = await PostAsync("""{"model": "starter", "temperature": 0, "input": "What is the capital of France?"}""");
        string id = (string)first["id"]!;
        Assert.Equal(("completed", "starter", true), ((string?)first["status"], (string?)first["model"], (bool)first["store"]!));
        Assert.Contains("Paris", (string?)first["output"]!.AsArray()[^1]!["content"]![0]!["text"], StringComparison.Ordinal);

        JsonNode second = await PostAsync(
            $$"""{"model": "starter", "temperature": 0, "previous_response_id": "{{id}}", "input": "And of Italy?", "store": false}""");
        Assert.Equal(id, (string?)second["previous_response_id"]);
        Assert.True((int)second["usage"]!["input_tokens"]! > (int)first["usage"]!["input_tokens"]!);

        Assert.Equal(first.ToJsonString(), (await GetAsync($"/v1/responses/{id}")).ToJsonString());
        JsonNode items = await GetAsync($"/v1/responses/{id}/input_items");
        Assert.Equal("What is the capital of France?", (string?)items["data"]![0]!["content"]![0]!["text"]);
        using HttpResponseMessage notStored = await Server.Http.GetAsync(new Uri($"/v1/responses/{second["id"]}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, notStored.StatusCode);

        using HttpResponseMessage deleted = await Server.Http.DeleteAsync(new Uri($"/v1/responses/{id}", UriKind.Relative));
        Assert.True((bool)(await Wire.ReadAsync(deleted))["deleted"]!);
        using HttpResponseMessage gone = await Server.PostAsync(
            "/v1/responses", $$"""{"model": "starter", "previous_response_id": "{{id}}", "input": "And of Italy?"}""");
        JsonNode error = (await Wire.ReadAsync(gone))["error"]!;
        Assert.Equal((HttpStatusCode.NotFound, "previous_response_id"), (gone.StatusCode, (string?)error["param"]));
    }

    [Fact]
    public async Task Stream_HasTheEventsOfOpenAI()
    {
        (string Name, JsonNode Data)[] events = await Wire.ReadEventsAsync(await Server.PostAsync(
            "/v1/responses", """{"model": "starter", "temperature": 0, "stream": true, "input": "What is the capital of France?"}"""));

        Assert.Equal(
            [
                "response.created", "response.in_progress", "response.output_item.added", "response.content_part.added",
                "response.output_text.delta", "response.output_text.done", "response.content_part.done", "response.output_item.done",
                "response.completed",
            ],
            events.Select(one => one.Name).Distinct());
        Assert.Equal(Enumerable.Range(0, events.Length), events.Select(one => (int)one.Data["sequence_number"]!));
        Assert.Equal("starter", (string?)events[^1].Data["response"]!["model"]);
        string id = (string)events[^1].Data["response"]!["id"]!;
        Assert.Equal(events[^1].Data["response"]!.ToJsonString(), (await GetAsync($"/responses/{id}")).ToJsonString());
    }

    [Fact]
    public async Task Codex_ItsRequest_IsAnswered()
    {
        using HttpResponseMessage response = await Server.PostAsync("/v1/responses", """
            {"model": "starter", "instructions": "You are a coding agent.", "stream": true, "store": false, "parallel_tool_calls": false,
             "input": [
               {"type": "message", "role": "developer", "content": [{"type": "input_text", "text": "Sandbox: none"}]},
               {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "List the files."}]},
               {"type": "reasoning", "summary": [{"type": "summary_text", "text": "I should list."}], "encrypted_content": "gAAA"},
               {"type": "local_shell_call", "call_id": "c1", "status": "completed", "action": {"type": "exec", "command": ["ls"]}},
               {"type": "local_shell_call_output", "call_id": "c1", "output": "README.md"},
               {"type": "custom_tool_call", "call_id": "c2", "name": "apply_patch", "input": "*** Begin Patch"},
               {"type": "custom_tool_call_output", "call_id": "c2", "output": "Done"},
               {"type": "web_search_call", "id": "ws_1", "status": "completed"},
               {"role": "user", "content": "Thanks. Say OK."}],
             "tools": [
               {"type": "function", "name": "shell", "strict": false, "parameters": {"type": "object", "properties": {}}},
               {"type": "custom", "name": "apply_patch", "format": {"type": "grammar", "syntax": "lark", "definition": "start: /x/"}},
               {"type": "namespace", "name": "mcp", "tools": [{"type": "function", "name": "mcp_read", "parameters": {"type": "object"}}]},
               {"type": "web_search"}, {"type": "local_shell"}, {"type": "image_generation"}],
             "tool_choice": "none", "reasoning": {"effort": "medium", "summary": "auto"}, "include": ["reasoning.encrypted_content"],
             "prompt_cache_key": "key", "text": {"verbosity": "low"}, "max_output_tokens": 8}
            """);

        (string Name, JsonNode Data)[] events = await Wire.ReadEventsAsync(response);
        Assert.Contains(events[^1].Name, (string[])["response.completed", "response.incomplete"]);
        string ignored = Assert.Single(response.Headers.GetValues("X-Orchard-Ignored"));
        Assert.Contains("tools[3].web_search", ignored, StringComparison.Ordinal);
        Assert.Contains("input[7].web_search_call", ignored, StringComparison.Ordinal);
    }

    [Fact]
    public async Task InputTokens_AreThoseOfTheAnswer()
    {
        const string body = """{"model": "starter", "instructions": "Be brief.", "input": "Hello", "max_output_tokens": 1}""";

        JsonNode counted = await Wire.ReadAsync(await Server.PostAsync("/v1/responses/input_tokens", body));
        JsonNode answer = await PostAsync(body);

        Assert.Equal((int)answer["usage"]!["input_tokens"]!, (int)counted["input_tokens"]!);
        Assert.Equal("incomplete", (string?)answer["status"]);
    }

    [Fact]
    public async Task Tools_Required_AreCalled()
    {
        JsonNode response = await PostAsync("""
            {"model": "starter", "temperature": 0, "tool_choice": {"type": "function", "name": "get_weather"},
             "tools": [{"type": "function", "name": "get_weather",
                        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}],
             "input": [{"role": "user", "content": "What is the weather in Paris?"}]}
            """);

        JsonNode call = response["output"]!.AsArray()[^1]!;
        Assert.Equal(("function_call", "get_weather"), ((string?)call["type"], (string?)call["name"]));
        Assert.NotNull(JsonNode.Parse((string)call["arguments"]!)!["city"]);
    }

    [Theory]
    [InlineData("""{"model": "starter", "input": "Hi", "background": true}""", 400, "background")]
    [InlineData("""{"model": "starter", "input": []}""", 400, "input")]
    [InlineData("""{"model": "starter"}""", 400, "input")]
    [InlineData("""{"model": "starter", "input": [{"type": "item_reference", "id": "msg_1"}]}""", 400, "input[0].id")]
    [InlineData("""{"model": "starter", "input": [{"role": "user", "content": [{"type": "input_image"}]}]}""", 400, "input[0].content[0].image_url")]
    public async Task Errors_NameTheField(string request, int status, string param)
    {
        using HttpResponseMessage response = await Server.PostAsync("/v1/responses", request);

        Assert.Equal((status, param), ((int)response.StatusCode, (string?)(await Wire.ReadAsync(response))["error"]!["param"]));
    }

    [Fact]
    public async Task Stream_ThatFailsBeforeItsFirstPart_HasTheStatusOfTheError()
    {
        string text = string.Concat(Enumerable.Repeat("word ", 40_000));
        using HttpResponseMessage response = await Server.PostAsync(
            "/v1/responses", $$"""{"model": "starter", "stream": true, "input": "{{text}}"}""");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("context_length_exceeded", (string?)(await Wire.ReadAsync(response))["error"]!["code"]);
    }

    private async Task<JsonNode> PostAsync(string body)
    {
        using HttpResponseMessage response = await Server.PostAsync("/v1/responses", body);
        JsonNode json = await Wire.ReadAsync(response);
        Assert.True(response.StatusCode == HttpStatusCode.OK, json.ToJsonString());
        return json;
    }

    private async Task<JsonNode> GetAsync(string path)
    {
        using HttpResponseMessage response = await Server.Http.GetAsync(new Uri(path, UriKind.Relative));
        return await Wire.ReadAsync(response);
    }
}

using System.Net;
using System.Text.Json.Nodes;

namespace Orchard.Server.Tests;

/// <summary>What OpenAI's own client does not show: the JSON itself, and what other clients send.</summary>
public sealed class OpenAIHttpTests(EmbeddingServerFixture fixture) : IClassFixture<EmbeddingServerFixture>
{
    private TestServer Server => fixture.Server;

    [Fact]
    public async Task Chat_UnknownFields_AreIgnoredAndListed()
    {
        using HttpResponseMessage response = await Server.PostAsync("/v1/chat/completions", """
            {"model": "starter", "messages": [{"role": "user", "content": "Hello"}], "max_tokens": 4, "max_completion_tokens": 2,
             "user": "me", "made_up": 1, "temperature": null, "tools": [{"type": "web_search"}]}
            """);

        JsonNode body = await ReadAsync(response);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("tools[0].web_search, user, made_up", Assert.Single(response.Headers.GetValues("X-Orchard-Ignored")));
        Assert.Equal((2, "length"), ((int)body["usage"]!["completion_tokens"]!, (string?)body["choices"]![0]!["finish_reason"]));
    }

    [Theory]
    [InlineData("""{"messages": [{"role": "user", "content": "Hi"}]}""", 400, "model")]
    [InlineData("""{"model": "starter"}""", 400, "messages")]
    [InlineData("""{"model": "starter", "messages": []}""", 400, "messages")]
    [InlineData("""{"model": "starter", "messages": [{"role": "user", "content": "Hi"}], "temperature": "hot"}""", 400, "temperature")]
    [InlineData("""{"model": "starter", "messages": [{"role": "user", "content": "Hi"}], "temperature": -1}""", 400, "temperature")]
    [InlineData("""{"model": "starter", "messages": [{"role": "user", "content": "Hi"}], "stream": 1}""", 400, "stream")]
    [InlineData("""{"model": "starter", "messages": [{"role": "user", "content": "Hi"}], "n": 0}""", 400, "n")]
    [InlineData("""{"model": "starter", "messages": [{"role": "user", "content": "Hi"}], "top_n_sigma": 2}""", 400, "top_n_sigma")]
    [InlineData("""{"model": "starter", "messages": [{"role": "user", "content": "Hi"}], "tool_choice": "required"}""", 400, "tool_choice")]
    [InlineData("""{"model": "starter", "messages": [{"role": "wizard", "content": "Hi"}]}""", 400, "messages[0].role")]
    [InlineData("""{"model": "/etc/passwd", "messages": [{"role": "user", "content": "Hi"}]}""", 404, "model")]
    [InlineData("""{"model": "owner/not-stored", "messages": [{"role": "user", "content": "Hi"}]}""", 404, "model")]
    [InlineData(
        """{"model": "starter", "messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:,"}}]}]}""",
        400,
        "messages[0].content[0]")]
    [InlineData(
        """{"model": "starter", "messages": [{"role": "user", "content": "Hi"}], "response_format": {"type": "xml"}}""",
        400,
        "response_format.type")]
    public async Task Chat_WhatCannotBeDone_IsNamed(string request, int status, string param)
    {
        using HttpResponseMessage response = await Server.PostAsync("/v1/chat/completions", request);

        JsonNode error = (await ReadAsync(response))["error"]!;
        Assert.Equal((status, param), ((int)response.StatusCode, (string?)error["param"]));
        Assert.Equal("invalid_request_error", (string?)error["type"]);
        Assert.NotEmpty((string)error["code"]!);
    }

    [Theory]
    [InlineData("", "invalid_json")]
    [InlineData("{", "invalid_json")]
    [InlineData("null", "invalid_json")]
    [InlineData("[1]", "invalid_json")]
    public async Task Chat_BodyThatIsNoObject_IsRefused(string body, string code)
    {
        using HttpResponseMessage response = await Server.PostAsync("/v1/chat/completions", body);

        Assert.Equal((HttpStatusCode.BadRequest, code), (response.StatusCode, (string?)(await ReadAsync(response))["error"]!["code"]));
    }

    [Fact]
    public async Task Chat_PromptTooLong_HasBothNumbers()
    {
        string text = string.Concat(Enumerable.Repeat("word ", 40_000));
        using HttpResponseMessage response = await Server.PostAsync(
            "/v1/chat/completions", $$"""{"model": "starter", "stream": true, "messages": [{"role": "user", "content": "{{text}}"}]}""");

        JsonNode error = (await ReadAsync(response))["error"]!;
        Assert.Equal((HttpStatusCode.BadRequest, "context_length_exceeded"), (response.StatusCode, (string?)error["code"]));
        Assert.True((int)error["n_prompt_tokens"]! > (int)error["n_ctx"]!);
        Assert.Equal("messages", (string?)error["param"]);
    }

    [Fact]
    public async Task Chat_Stream_HasOneThingPerChunk_AndUsageOnlyIfAsked()
    {
        const string request = """
            {"model": "starter", "stream": true, "temperature": 0, "messages": [{"role": "user", "content": "Hello"}], "max_tokens": 8
            """;
        JsonNode[] plain = await ReadEventsAsync(await Server.PostAsync("/chat/completions", request + "}"));
        JsonNode[] counted = await ReadEventsAsync(
            await Server.PostAsync("/chat/completions", request + """, "stream_options": {"include_usage": true}}"""));

        Assert.Equal("""{"role":"assistant","content":""}""", plain[0]["choices"]![0]!["delta"]!.ToJsonString());
        Assert.Equal("{}", plain[^1]["choices"]![0]!["delta"]!.ToJsonString());
        Assert.NotNull(plain[^1]["choices"]![0]!["finish_reason"]);
        Assert.All(plain[..^1], chunk => Assert.Null(chunk["choices"]![0]!["finish_reason"]));
        Assert.All(plain, chunk => Assert.Null(chunk["usage"]));
        Assert.Empty(counted[^1]["choices"]!.AsArray());
        Assert.True((int)counted[^1]["usage"]!["completion_tokens"]! > 0);
        Assert.NotNull(counted[^1]["usage"]!["prompt_tokens_details"]!["cached_tokens"]);
    }

    [Fact]
    public async Task Chat_SeveralAnswers_AreChoices()
    {
        using HttpResponseMessage response = await Server.PostAsync("/v1/chat/completions", """
            {"model": "starter", "messages": [{"role": "user", "content": "Hello"}], "n": 3, "max_tokens": 4}
            """);

        JsonNode body = await ReadAsync(response);
        Assert.Equal([0, 1, 2], body["choices"]!.AsArray().Select(choice => (int)choice!["index"]!));
    }

    [Fact]
    public async Task Chat_Batch_EachConversationHasItsOptions()
    {
        using HttpResponseMessage response = await Server.PostAsync("/v1/chat/completions", """
            {"model": "starter", "max_tokens": [1, 3], "ignore_eos": true, "temperature": 0,
             "messages": [[{"role": "user", "content": "Hello"}], [{"role": "user", "content": "What is the capital of France?"}]]}
            """);

        JsonNode body = await ReadAsync(response);
        Assert.Equal(2, body["choices"]!.AsArray().Count);
        Assert.Equal(4, (int)body["usage"]!["completion_tokens"]!);
    }

    [Fact]
    public async Task Completions_ContinueTheText()
    {
        using HttpResponseMessage response = await Server.PostAsync("/v1/completions", """
            {"model": "starter", "prompt": ["Once upon a time", "One, two,"], "max_tokens": 4, "temperature": 0, "logprobs": 2,
             "ignore_eos": true}
            """);

        JsonNode body = await ReadAsync(response);
        Assert.Equal(("text_completion", 2), ((string?)body["object"], body["choices"]!.AsArray().Count));
        Assert.Equal(4, body["choices"]![0]!["logprobs"]!["tokens"]!.AsArray().Count);
        JsonNode[] streamed = await ReadEventsAsync(await Server.PostAsync("/v1/completions", """
            {"model": "starter", "prompt": "Once upon a time", "max_tokens": 4, "temperature": 0, "stream": true, "ignore_eos": true}
            """));
        Assert.Equal(
            (string?)body["choices"]![0]!["text"], string.Concat(streamed.Select(chunk => (string?)chunk["choices"]![0]!["text"])));
    }

    [Fact]
    public async Task Embeddings_AsNumbersAndInBase64_AreTheSame()
    {
        JsonNode numbers = await ReadAsync(await Server.PostAsync("/v1/embeddings", """{"model": "embedder", "input": "hello"}"""));
        JsonNode text = await ReadAsync(
            await Server.PostAsync("/embeddings", """{"model": "embedder", "input": ["hello"], "encoding_format": "base64"}"""));

        float[] expected = [.. numbers["data"]![0]!["embedding"]!.AsArray().Select(value => (float)value!)];
        byte[] bytes = Convert.FromBase64String((string)text["data"]![0]!["embedding"]!);
        Assert.Equal(expected, Enumerable.Range(0, bytes.Length / 4).Select(i => BitConverter.ToSingle(bytes, i * 4)));
    }

    [Fact]
    public async Task Rerank_RanksDocuments()
    {
        JsonNode body = await ReadAsync(await Server.PostAsync("/v1/rerank", """
            {"model": "ranker", "query": "hello", "documents": ["hello", {"text": "world"}, "other"], "top_n": 2, "return_documents": true}
            """));

        Assert.Equal(2, body["results"]!.AsArray().Count);
        Assert.True((double)body["results"]![0]!["relevance_score"]! >= (double)body["results"]![1]!["relevance_score"]!);
        Assert.NotNull(body["results"]![0]!["document"]!["text"]);
    }

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

    private static async Task<JsonNode[]> ReadEventsAsync(HttpResponseMessage response)
    {
        string[] events = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("data: [DONE]", events[^1]);
        return [.. events[..^1].Where(line => !line.StartsWith(':')).Select(line => JsonNode.Parse(line["data: ".Length..])!)];
    }
}

using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Server.Tests;

/// <summary>
/// Mutated bodies: whatever is sent, the answer is no failure of the server. Chats are answered by a scripted engine, the other routes by
/// the real one. ORCHARD_HTTP_FUZZ sets the number of bodies of each route.
/// </summary>
public sealed class FuzzTests(EmbeddingServerFixture fixture, ITestOutputHelper output) : IClassFixture<EmbeddingServerFixture>
{
    private const int DefaultCount = 1500;
    private const int AtOnce = 8;

    // Stands for half a character, which JSON can escape but no text can contain.
    private const string Surrogate = "half-a-character";

    private static readonly string[] Words =
    [
        "", "a", "auto", "none", "required", "user", "tool", "system", "function", "text", "json_schema", "json_object", Surrogate, "\0",
        "{}", "[", "starter", "/etc/passwd", "../x", "5m", "-1", "1e999", "base64", "image_url", "tool_result", "<|im_end|>",
    ];

    public static TheoryData<string, string> Chats => new()
    {
        { "/v1/chat/completions", """
            {"model": "starter", "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": [{"type": "text",
             "text": "Hi"}]}, {"role": "assistant", "content": null, "tool_calls": [{"id": "c1", "type": "function", "function": {"name":
             "f", "arguments": "{}"}}]}, {"role": "tool", "tool_call_id": "c1", "content": "ok"}], "stream": false, "stream_options":
             {"include_usage": true}, "tools": [{"type": "function", "function": {"name": "f", "description": "d", "parameters": {"type":
             "object", "properties": {"a": {"type": "string"}}}, "strict": false}}], "tool_choice": "auto", "temperature": 0.5, "top_p": 1,
             "n": 1, "stop": ["x"], "logit_bias": {"5": 1}, "logprobs": true, "top_logprobs": 2, "seed": 1, "response_format": {"type":
             "text"}, "keep_alive": "5m", "reasoning_effort": "low", "chat_template_kwargs": {"a": [1]}, "min_p": 0.1, "mirostat": 2}
            """ },
        { "/v1/responses", """
            {"model": "starter", "instructions": "i", "input": [{"role": "user", "content": [{"type": "input_text", "text": "Hi"}]},
             {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"}, {"type": "function_call_output", "call_id": "c",
             "output": "o"}, {"type": "reasoning", "summary": []}, {"role": "user", "content": "x"}], "tools": [{"type": "function",
             "name": "f", "parameters": {}}, {"type": "custom", "name": "g"}, {"type": "web_search"}],
             "tool_choice": {"type": "function", "name": "f"},
             "text": {"format": {"type": "text"}, "verbosity": "low"}, "reasoning": {"effort": "low", "summary": "auto"}, "store": true,
             "metadata": {"a": "b"}, "include": ["x"], "max_output_tokens": 5, "truncation": "auto", "stream": false}
            """ },
        { "/v1/messages", """
            {"model": "starter", "max_tokens": 5, "system": [{"type": "text", "text": "s"}], "messages": [{"role": "user", "content": "Hi"},
             {"role": "assistant", "content": [{"type": "thinking", "thinking": "t", "signature": "s"}, {"type": "tool_use", "id": "c",
             "name": "f", "input": {}}]}, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "c", "content": [{"type":
             "text", "text": "ok"}], "is_error": false}, {"type": "text", "text": "go on"}]}], "tools": [{"name": "f", "input_schema":
             {"type": "object"}}], "tool_choice": {"type": "auto", "disable_parallel_tool_use": true}, "thinking": {"type": "enabled",
             "budget_tokens": 1024}, "stop_sequences": ["x"], "temperature": 1, "top_k": 5, "output_config": {"effort": "low"}}
            """ },
        { "/api/chat", """
            {"model": "starter", "stream": false, "messages": [{"role": "user", "content": "Hi", "images": []}, {"role": "assistant",
             "content": "", "thinking": "t", "tool_calls": [{"function": {"name": "f", "arguments": {"a": 1}}}]}, {"role": "tool",
             "content": "{\"CallId\":\"c\",\"Result\":1}", "tool_name": "f"}], "tools": [{"type": "function", "function": {"name": "f",
             "parameters": {"type": "object"}}}], "format": "", "think": "low", "keep_alive": "1m", "options": {"temperature": 0,
             "num_ctx": 100, "num_predict": 3, "stop": ["a"], "top_k": 1, "repeat_last_n": -1}}
            """ },
        { "/api/generate", """
            {"model": "starter", "prompt": "Hi", "system": "s", "stream": false, "raw": false, "images": [], "options": {"seed": 1},
             "format": "", "keep_alive": 5, "think": true, "template": "x", "context": [1]}
            """ },
    };

    public static TheoryData<string, string> Others => new()
    {
        { "/v1/completions", """
            {"model": "starter", "prompt": ["Hi", [1, 2]], "max_tokens": 3, "max_completion_tokens": 3, "n_predict": 3, "logprobs": 1,
             "stream": false, "echo": false, "suffix": ""}
            """ },
        { "/v1/embeddings", """
            {"model": "embedder", "input": ["a", "b"], "encoding_format": "base64", "dimensions": 4, "pooling": "mean", "user": "u"}
            """ },
        { "/v1/rerank", """{"model": "ranker", "query": "q", "documents": ["a", {"text": "b"}], "top_n": 1}""" },
        { "/api/embed", """{"model": "embedder", "input": "a", "truncate": true, "options": null, "dimensions": 4}""" },
        { "/api/show", """{"model": "starter", "name": "x", "verbose": true}""" },
        { "/v1/messages/count_tokens", """{"model": "starter", "messages": [{"role": "user", "content": "Hi"}]}""" },
    };

    private static int Count =>
        int.TryParse(Environment.GetEnvironmentVariable("ORCHARD_HTTP_FUZZ"), out int given)
            ? given
            : DefaultCount / (Chats.Count + Others.Count);

    [Theory]
    [MemberData(nameof(Chats))]
    public async Task MutatedChats_NeverFailTheServer(string path, string body)
    {
        await using var engine = new FakeEngine(new EngineScript().Answer("Hello"));
        await using Client client = await engine.ConnectAsync();
        await using TestServer server = await TestServer.StartAsync(client, failures: ["The answer failed"]);
        await SendAsync(server, path, body);
    }

    [Theory]
    [MemberData(nameof(Others))]
    public Task MutatedRequests_NeverFailTheServer(string path, string body) => SendAsync(fixture.Server, path, body);

    private async Task SendAsync(TestServer server, string path, string body)
    {
        var statuses = new ConcurrentDictionary<int, int>();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Count),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (seed, cancellation) =>
            {
                byte[] mutated = Mutate(body, new Random(seed));
                using var content = new ByteArrayContent(mutated);
                using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
                using HttpResponseMessage response = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation)
                    .OrBroken($"the answer to body {seed}: {Encoding.UTF8.GetString(mutated)}");
                string answer = await ReadAsync(response);
                statuses.AddOrUpdate((int)response.StatusCode, 1, static (_, count) => count + 1);
                Assert.True((int)response.StatusCode < 500, $"{path}, seed {seed}: {answer}\n{Encoding.UTF8.GetString(mutated)}");
            });

        output.WriteLine($"{path}: {string.Join(", ", statuses.OrderBy(pair => pair.Key).Select(pair => $"{pair.Value} × {pair.Key}"))}");
        Assert.True(statuses.ContainsKey(200), "No request was answered.");
        Assert.True(statuses.Count > 1, "No mutation had an effect.");
    }

    // A stream that fails has no end.
    private static async Task<string> ReadAsync(HttpResponseMessage response)
    {
        try
        {
            return await response.Content.ReadAsStringAsync().OrBroken("the end of an answer");
        }
        catch (HttpRequestException e) when (e.InnerException is HttpIOException)
        {
            return e.Message;
        }
    }

    // Most mutations keep the body JSON, since the parser refuses the others at once.
    private static byte[] Mutate(string body, Random random)
    {
        JsonNode root = JsonNode.Parse(body)!;
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            MutateOne(root, random);
        }

        string text = root.ToJsonString().Replace(Surrogate, "\\ud800", StringComparison.Ordinal);
        if (random.Next(10) > 0)
        {
            return Encoding.UTF8.GetBytes(text);
        }

        byte[] bytes = Encoding.UTF8.GetBytes(text);
        bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return random.Next(2) == 0 ? bytes : bytes[..random.Next(bytes.Length)];
    }

    private static void MutateOne(JsonNode root, Random random)
    {
        JsonNode[] containers = [.. All(root).Where(node => node is JsonObject { Count: > 0 } or JsonArray { Count: > 0 })];
        if (containers.Length == 0)
        {
            return;
        }

        switch (containers[random.Next(containers.Length)])
        {
            case JsonObject map:
                string name = map.ElementAt(random.Next(map.Count)).Key;
                switch (random.Next(6))
                {
                    case 0:
                        map.Remove(name);
                        break;
                    case 1:
                        map[$"{name}_{random.Next(3)}"] = Value(random);
                        break;
                    case 2 when map[name] is { } moved:
                        map[Words[random.Next(Words.Length)]] = moved.DeepClone();
                        break;
                    default:
                        map[name] = Value(random);
                        break;
                }

                break;
            case JsonArray list:
                int index = random.Next(list.Count);
                if (random.Next(3) == 0)
                {
                    list.Add(list[index]?.DeepClone());
                }
                else
                {
                    list[index] = Value(random);
                }

                break;
        }
    }

    private static IEnumerable<JsonNode> All(JsonNode node)
    {
        yield return node;
        IEnumerable<JsonNode?> inner = node switch
        {
            JsonObject map => map.Select(member => member.Value),
            JsonArray list => list,
            _ => [],
        };
        foreach (JsonNode below in inner.OfType<JsonNode>().SelectMany(All))
        {
            yield return below;
        }
    }

    private static JsonNode? Value(Random random) => random.Next(10) switch
    {
        0 => null,
        1 => random.Next(2) == 0,
        2 => random.Next(-2, 100),
        3 => random.NextInt64(),
        4 => random.NextDouble() * Math.Pow(10, random.Next(-300, 300)),
        5 => new JsonArray(),
        6 => new JsonObject(),
        7 => new JsonArray(1, "a", null),
        8 => JsonNode.Parse("""{"type": "object", "a": [{"b": null}]}"""),
        _ => Words[random.Next(Words.Length)],
    };
}

using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchard.Benchmarks.Memory;

namespace Orchard.Benchmarks.Grammars;

/// <summary>llama-server, asked for chat answers held to a schema.</summary>
internal sealed class SchemaServer : IAsyncDisposable
{
    private readonly LlamaServer _server;
    private readonly HttpClient _http;

    private SchemaServer(LlamaServer server)
    {
        _server = server;
        _http = new HttpClient { BaseAddress = server.Address, Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <param name="path">The model file.</param>
    /// <param name="streams">Number of answers at the same time.</param>
    public static async Task<SchemaServer> StartAsync(string path, int streams) => new(
        await LlamaServer.StartAsync(path, streams, 1024, "--threads", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Asks for answers at the same time, and returns their tokens per second of all the time until the last one is complete.</summary>
    /// <param name="prompts">What is asked, one for each answer.</param>
    /// <param name="schema">The JSON Schema.</param>
    /// <param name="maxTokens">Most tokens of an answer.</param>
    public async Task<double> AskAsync(IReadOnlyList<string> prompts, string schema, int maxTokens)
    {
        long start = Stopwatch.GetTimestamp();
        int[] tokens = await Task.WhenAll(prompts.Select(prompt => AskAsync(prompt, schema, maxTokens)));
        return tokens.Sum() / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
    }

    private async Task<int> AskAsync(string prompt, string schema, int maxTokens)
    {
        var body = new JsonObject
        {
            ["temperature"] = 0,
            ["max_tokens"] = maxTokens,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = prompt }),
            ["response_format"] = new JsonObject
            {
                ["type"] = "json_schema",
                ["json_schema"] = new JsonObject { ["name"] = "answer", ["strict"] = true, ["schema"] = JsonNode.Parse(schema) },
            },
        };
        using HttpResponseMessage response = await _http.PostAsJsonAsync("/v1/chat/completions", body);
        response.EnsureSuccessStatusCode();
        using JsonDocument answer = JsonDocument.Parse(await response.Content.ReadAsStreamAsync());
        return answer.RootElement.GetProperty("usage").GetProperty("completion_tokens").GetInt32();
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Orchard.Benchmarks.Memory;

namespace Orchard.Benchmarks.Peers;

/// <summary>llama-server, asked for streamed completions of bare prompts.</summary>
internal sealed class LlamaServerPeer : IPeer
{
    private readonly Func<Task<LlamaServer>> _start;
    private readonly LlamaServer _server;
    private readonly HttpClient _http;

    private LlamaServerPeer(Func<Task<LlamaServer>> start, LlamaServer server)
    {
        _start = start;
        _server = server;
        _http = new HttpClient { BaseAddress = server.Address, Timeout = Timeout.InfiniteTimeSpan };
    }

    public string Name => "llama-server";

    public ProcessMemory Memory => ProcessMemory.Of(_server.ProcessId);

    /// <param name="path">The model file.</param>
    /// <param name="streams">Number of answers at the same time.</param>
    /// <param name="cells">Number of tokens of each, prompt and answer.</param>
    public static async Task<LlamaServerPeer> StartAsync(string path, int streams, int cells)
    {
        string threads = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture);
        Func<Task<LlamaServer>> start = () => LlamaServer.StartAsync(path, streams, cells, "--threads", threads);
        return new LlamaServerPeer(start, await start());
    }

    public async Task<PeerRun> RunAsync(IReadOnlyList<string> prompts, int tokens)
    {
        long started = Stopwatch.GetTimestamp();
        double[] firsts = await Task.WhenAll(prompts.Select(prompt => AskAsync(prompt, tokens)));
        return new PeerRun(Stopwatch.GetElapsedTime(started).TotalMilliseconds, firsts);
    }

    /// <inheritdoc/>
    /// <remarks>In another process, whose start is included: a server loads its model only then.</remarks>
    public async Task<double> LoadAsync()
    {
        long started = Stopwatch.GetTimestamp();
        await using LlamaServer server = await _start();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
    }

    private async Task<double> AskAsync(string prompt, int tokens)
    {
        long started = Stopwatch.GetTimestamp();
        string body = JsonSerializer.Serialize(new { prompt, n_predict = tokens, stream = true, temperature = 0, ignore_eos = true });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/completion") { Content = new StringContent(body) };
        using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        double? first = null;
        string last = "";
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data:", StringComparison.Ordinal))
            {
                first ??= Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                last = line;
            }
        }

        BenchmarkException.ThrowUnless(
            last.Contains($"\"tokens_predicted\":{tokens},", StringComparison.Ordinal), $"Asked for {tokens} tokens, but: {last}");
        return first!.Value;
    }
}

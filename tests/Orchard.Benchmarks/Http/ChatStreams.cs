using System.Diagnostics;
using System.Text.Json;

namespace Orchard.Benchmarks.Http;

/// <summary>Asks a server on this machine for streamed chat completions.</summary>
/// <param name="address">Address of the server.</param>
/// <param name="model">The model as the server names it.</param>
internal sealed class ChatStreams(Uri address, string model) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Streams an answer, and returns the milliseconds until its first text.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="tokens">How many tokens.</param>
    public async Task<double> AskAsync(string prompt, int tokens)
    {
        long started = Stopwatch.GetTimestamp();
        string body = JsonSerializer.Serialize(new
        {
            model,
            stream = true,
            stream_options = new { include_usage = true },
            temperature = 0,
            max_tokens = tokens,
            ignore_eos = true,
            messages = new[] { new { role = "user", content = prompt } },
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(body) };
        using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        double? first = null;
        string last = "";
        while (await reader.ReadLineAsync() is { } line)
        {
            if (first is null && HasText(line))
            {
                first = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            }

            last = line.Contains("\"usage\"", StringComparison.Ordinal) ? line : last;
        }

        BenchmarkException.ThrowUnless(
            last.Contains($"\"completion_tokens\":{tokens},", StringComparison.Ordinal), $"Asked for {tokens} tokens, but: {last}");
        return first ?? throw new BenchmarkException($"No part had a text; the last one was {last}");
    }

    public void Dispose() => _http.Dispose();

    // The first part has the role, and an empty text or none.
    private static bool HasText(string line) =>
        line.Contains("\"content\":\"", StringComparison.Ordinal) && !line.Contains("\"content\":\"\"", StringComparison.Ordinal);
}

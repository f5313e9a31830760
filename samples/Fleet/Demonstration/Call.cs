using System.Text.Json;
using Fleet.Gateways;

namespace Fleet.Demonstration;

/// <summary>What came of one call.</summary>
/// <param name="Text">The answer, or the beginning of one that was cut off.</param>
/// <param name="IsWhole">Whether the answer was not cut off.</param>
/// <param name="Attempts">How many members were asked.</param>
/// <param name="PromptTokens">Tokens of the prompt.</param>
/// <param name="CachedTokens">Those that the member had in its KV cache.</param>
internal sealed record Call(string Text, bool IsWhole, int Attempts, int PromptTokens = 0, int CachedTokens = 0)
{
    /// <summary>Sends a conversation, and reads the answer as it is written.</summary>
    public static async Task<Call> SendAsync(HttpClient http, IReadOnlyList<Turn> conversation, int maxTokens)
    {
        var body = new
        {
            model = "starter",
            messages = conversation.Select(static turn => new { role = turn.Role, content = turn.Text }),
            temperature = 0,
            max_tokens = maxTokens,
            stream = true,
            stream_options = new { include_usage = true },
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions") { Content = JsonContent.Create(body) };
        string text = "";
        int attempts = 1;
        try
        {
            using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            response.EnsureSuccessStatusCode();
            attempts = response.Headers.TryGetValues(Failover.AttemptsHeader, out IEnumerable<string>? values) ? int.Parse(values.Single()) : 1;
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            (int Prompt, int Cached) usage = default;
            while (await reader.ReadLineAsync() is { } line)
            {
                if (line == "data: [DONE]")
                {
                    return new Call(text, IsWhole: true, attempts, usage.Prompt, usage.Cached);
                }

                if (line.StartsWith("data: ", StringComparison.Ordinal))
                {
                    using JsonDocument chunk = JsonDocument.Parse(line["data: ".Length..]);
                    text += TextOf(chunk.RootElement);
                    usage = UsageOf(chunk.RootElement) ?? usage;
                }
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // The connection was cut, or no member could answer.
        }

        return new Call(text, IsWhole: false, attempts);
    }

    private static string TextOf(JsonElement chunk) => string.Concat(chunk.GetProperty("choices").EnumerateArray().Select(
        static choice => choice.GetProperty("delta").TryGetProperty("content", out JsonElement content) ? content.GetString() : ""));

    private static (int Prompt, int Cached)? UsageOf(JsonElement chunk) =>
        chunk.TryGetProperty("usage", out JsonElement usage) && usage.ValueKind == JsonValueKind.Object
            ? (usage.GetProperty("prompt_tokens").GetInt32(), usage.GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32())
            : null;
}

/// <summary>One message of a conversation.</summary>
internal sealed record Turn(string Role, string Text);

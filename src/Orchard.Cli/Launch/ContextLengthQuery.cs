using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchard.Cli.Launch;

/// <summary>Asks a running server how many tokens a conversation with a model can have.</summary>
internal static class ContextLengthQuery
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LoadTimeout = TimeSpan.FromMinutes(10);

    /// <summary>Returns the context length; null if the server does not answer, or does not have the model.</summary>
    /// <param name="target">The server and the model.</param>
    /// <param name="loading">Called before the model is loaded, which can take a while.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static async Task<int?> AskAsync(LaunchTarget target, Action loading, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = new Uri(target.Url + "/"), Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", target.AnyKey);
        try
        {
            if (await FindAsync(http, target.Model, cancellationToken).ConfigureAwait(false) is not { } model)
            {
                return null;
            }

            // Only a loaded model has the length that the memory is enough for.
            if ((string?)model["state"] == "not-loaded")
            {
                loading();
                await LoadAsync(http, target.Model, cancellationToken).ConfigureAwait(false);
                model = await FindAsync(http, target.Model, cancellationToken).ConfigureAwait(false) ?? model;
            }

            return (int?)model["context_length"];
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or InvalidOperationException or FormatException or IOException)
        {
            return null; // no server, or none of Orchard's
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null; // it took too long
        }
    }

    private static async Task<JsonObject?> FindAsync(HttpClient http, string model, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AnswerTimeout);
        using HttpResponseMessage response = await http.GetAsync(
            new Uri($"v1/models/{Uri.EscapeDataString(model)}", UriKind.Relative), limit.Token).ConfigureAwait(false);
        return response.IsSuccessStatusCode
            ? JsonNode.Parse(await response.Content.ReadAsStringAsync(limit.Token).ConfigureAwait(false)) as JsonObject
            : null;
    }

    // Ollama's way to load a model: a request without a prompt.
    private static async Task LoadAsync(HttpClient http, string model, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LoadTimeout);
        string body = new JsonObject { ["model"] = model, ["stream"] = false }.ToJsonString();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await http.PostAsync(
            new Uri("api/generate", UriKind.Relative), content, limit.Token).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
    }
}

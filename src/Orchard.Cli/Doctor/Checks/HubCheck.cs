using System.Net;
using System.Net.Http.Headers;
using Orchard.Hub.Settings;

namespace Orchard.Cli.Doctor.Checks;

/// <summary>The hub: its token, and whether it answers.</summary>
internal sealed class HubCheck : ICheck
{
    private const string TokenPathVariable = "HF_TOKEN_PATH";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public string Subject => "hub";

    public async Task ExamineAsync(DoctorContext context, Findings findings, CancellationToken cancellationToken)
    {
        if (context.Hub is not { } settings)
        {
            return; // the check of the cache has said why
        }

        ExamineTokenFile(findings);
        if (settings.IsOffline)
        {
            findings.Note("offline: only stored models are used (HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE)");
        }
        else if (!context.UseNetwork)
        {
            findings.Note($"{settings.Endpoint} was not asked (--no-network)");
        }
        else
        {
            await AskAsync(settings, findings, cancellationToken).ConfigureAwait(false);
        }
    }

    private static void ExamineTokenFile(Findings findings)
    {
        bool hasToken = Environment.GetEnvironmentVariable("HF_TOKEN") is { Length: > 0 };
        if (!hasToken && Environment.GetEnvironmentVariable(TokenPathVariable) is { Length: > 0 } path && !File.Exists(path))
        {
            findings.Problem(
                $"The token file '{path}', which {TokenPathVariable} names, does not exist, so no token is sent.",
                $"Create the file, set HF_TOKEN, or remove {TokenPathVariable}.");
        }
    }

    // Only a refusal is a problem: without the network, stored models work.
    private static async Task AskAsync(HubSettings settings, Findings findings, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = Patience };
        var address = new Uri(settings.Endpoint, settings.Token is null ? "api/models?limit=1" : "api/whoami-v2");
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (settings.Token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", settings.Token);
        }

        try
        {
            using HttpResponseMessage response =
                await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden && settings.Token is not null)
            {
                findings.Problem(
                    $"{settings.Endpoint} refuses the token ({(int)response.StatusCode}).",
                    $"Create another one in your account, and store it where this one was found: {settings.TokenSource}.");
            }
            else if (response.IsSuccessStatusCode)
            {
                findings.Ok($"{settings.Endpoint} answers{(settings.Token is null ? "; no token is set" : " and accepts the token")}");
            }
            else
            {
                findings.Warning($"{settings.Endpoint} answers with {(int)response.StatusCode}.");
            }
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            findings.Warning(
                $"{settings.Endpoint} cannot be reached: {e.Message}",
                "Stored models work without it. To download, check the network, HF_ENDPOINT and the proxy (HTTPS_PROXY).");
        }
    }
}

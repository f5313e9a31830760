using System.Text.Json;
using Orchard.Remote.Configuration;
using Orchard.Remote.Transport;

namespace Orchard.Remote.Models;

/// <summary>Finds out the kind of a server by routes that only one kind has.</summary>
/// <param name="sender">Sends the requests.</param>
internal sealed class KindProbe(RequestSender sender)
{
    private const int MaxBytes = 4 << 20;

    private static readonly (string Path, RemoteKind Kind, string Member)[] Routes =
    [
        ("get_server_info", RemoteKind.SgLang, "model_path"),
        ("props", RemoteKind.LlamaServer, "default_generation_settings"),
        ("version", RemoteKind.Vllm, "version"),
        ("api/version", RemoteKind.Ollama, "version"),
        ("api/v0/models", RemoteKind.LmStudio, "data"),
    ];

    /// <summary>Returns the kind; <see cref="RemoteKind.OpenAI"/> if the server is of no known one.</summary>
    /// <param name="model">The model that is asked for; for messages.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<RemoteKind> FindAsync(string model, CancellationToken cancellationToken)
    {
        foreach ((string path, RemoteKind kind, string member) in Routes)
        {
            try
            {
                bool isFound = await sender.FetchAsync(
                    new RemoteCall(new Route(path, IsOfApi: false), model), (body, _) => Has(body, member), MaxBytes, cancellationToken)
                    .ConfigureAwait(false);
                if (isFound)
                {
                    return kind;
                }
            }
            catch (OrchardException e) when (e is not (EngineConnectionException or RequestStalledException))
            {
                // The server has no such route, or does not show it.
            }
        }

        return RemoteKind.OpenAI;
    }

    private static bool Has(ReadOnlyMemory<byte> body, string member)
    {
        using JsonDocument document = JsonDocument.Parse(body);
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(member, out _);
    }
}

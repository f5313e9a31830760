using System.Text.Json;
using Orchard.Remote.Errors;
using Orchard.Remote.Transport;

namespace Orchard.Remote.Models;

/// <summary>What a server says about itself and its models.</summary>
/// <param name="Models">The models.</param>
/// <param name="Kind">The kind of the server; <see cref="RemoteKind.Auto"/> if it does not show.</param>
internal sealed record Listing(IReadOnlyList<ListedModel> Models, RemoteKind Kind)
{
    private const int MaxModels = 10_000;

    /// <summary>When the list was read.</summary>
    public long Timestamp { get; init; }

    /// <summary>Reads the answer to <c>GET /v1/models</c>.</summary>
    /// <exception cref="ProtocolException">The body is something else.</exception>
    public static Listing Read(ReadOnlyMemory<byte> body, RemoteResponse response)
    {
        using JsonDocument document = JsonDocument.Parse(body);
        if (document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("data", out JsonElement data)
            || data.ValueKind is not (JsonValueKind.Array or JsonValueKind.Null))
        {
            throw ErrorMapping.OfGarbage(response.Scene, "the list of its models has no 'data'");
        }

        ListedModel[] models = data.ValueKind == JsonValueKind.Null
            ? []
            : [.. data.EnumerateArray().Take(MaxModels).Select(ListedModel.Read).OfType<ListedModel>()];
        return new Listing(models, KindOf(models, response));
    }

    /// <summary>Returns the model with a name; null if the list has none.</summary>
    public ListedModel? Find(string name) =>
        Models.FirstOrDefault(model => model.Id == name)
        ?? Models.FirstOrDefault(model => model.Id.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? Models.FirstOrDefault(model => model.Id.Equals($"{name}:latest", StringComparison.OrdinalIgnoreCase)); // Ollama's default tag

    private static RemoteKind KindOf(ListedModel[] models, RemoteResponse response)
    {
        if (models.Length > 0 && models[0].IsOfOrchard)
        {
            return RemoteKind.Orchard;
        }

        string? server = response.FindHeader("Server");
        return response.FindHeader("openai-version") is not null || response.FindHeader("openai-processing-ms") is not null
            ? RemoteKind.OpenAI
            : server is not null && server.StartsWith("llama.cpp", StringComparison.OrdinalIgnoreCase)
                ? RemoteKind.LlamaServer
                : models.Select(static model => model.Owner).FirstOrDefault() switch
                {
                    "vllm" => RemoteKind.Vllm,
                    "sglang" => RemoteKind.SgLang,
                    "llamacpp" => RemoteKind.LlamaServer,
                    _ => RemoteKind.Auto,
                };
    }
}

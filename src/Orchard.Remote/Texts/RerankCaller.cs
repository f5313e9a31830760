using System.Text.Json;
using Orchard.Remote.Configuration;
using Orchard.Remote.Errors;
using Orchard.Remote.Models;
using Orchard.Remote.Requests;
using Orchard.Remote.Transport;

namespace Orchard.Remote.Texts;

/// <summary>Asks the servers of an endpoint how relevant documents are. Thread-safe.</summary>
/// <param name="settings">The endpoint.</param>
/// <param name="sender">Sends the requests.</param>
internal sealed class RerankCaller(EndpointSettings settings, RequestSender sender)
{
    private const int MaxBytes = 64 << 20;

    /// <summary>Returns the scores of all documents.</summary>
    /// <exception cref="NotSupportedException">The server does not rerank.</exception>
    public async Task<RankedDocument[]> RankAsync(
        RemoteModel model, string query, IReadOnlyList<string> documents, CancellationToken cancellationToken)
    {
        if (!model.Profile.Reranks)
        {
            throw new NotSupportedException(
                $"{model.Profile.Title} at {settings.Addresses[0]} ('{settings.Name}') has no route for reranking. Use a reranking "
                + "model of this machine, or of another server.");
        }

        if (documents.Count == 0)
        {
            return [];
        }

        using RequestBody body = ChatBody.Build(json =>
        {
            json.WriteString("model"u8, model.ServerName);
            json.WriteString("query"u8, query);
            json.WriteStartArray("documents"u8);
            foreach (string document in documents)
            {
                json.WriteStringValue(document);
            }

            json.WriteEndArray();
            json.WriteNumber("top_n"u8, documents.Count);
            json.WriteBoolean("return_documents"u8, false);
        });
        return await sender.FetchAsync(
            new RemoteCall(Route.Rerank, model.Name, body) { Offered = model.Offered },
            (bytes, response) => Read(bytes, documents.Count, response.Scene),
            MaxBytes,
            cancellationToken).ConfigureAwait(false);
    }

    private static RankedDocument[] Read(ReadOnlyMemory<byte> body, int count, ErrorScene scene)
    {
        using JsonDocument document = JsonDocument.Parse(body);
        JsonElement root = document.RootElement;
        JsonElement results = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("results", out JsonElement list) ? list : root;
        var scores = new float?[count];
        if (results.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement result in results.EnumerateArray())
            {
                if (result.ValueKind == JsonValueKind.Object
                    && result.TryGetProperty("index", out JsonElement place)
                    && place.TryGetInt32(out int index)
                    && (uint)index < (uint)count
                    && (result.TryGetProperty("relevance_score", out JsonElement score) || result.TryGetProperty("score", out score))
                    && score.TryGetSingle(out float value)
                    && float.IsFinite(value))
                {
                    scores[index] = value;
                }
            }
        }

        return Array.TrueForAll(scores, static score => score is not null)
            ? [.. scores.Select(static (score, index) => new RankedDocument { Index = index, Score = score!.Value })]
            : throw ErrorMapping.OfGarbage(scene, $"it does not have a score for each of {count} documents");
    }
}

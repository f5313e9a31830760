using Orchard.Server.Errors;
using Orchard.Server.Generation;
using Orchard.Server.Models;
using Orchard.Server.Serving;

namespace Orchard.Server.OpenAI.Rerank;

/// <summary><c>POST /v1/rerank</c>.</summary>
internal static class RerankEndpoint
{
    /// <summary>Answers a request.</summary>
    public static async Task HandleAsync(Served served)
    {
        RerankRequest request = await RequestBody.ReadAsync(served.Http, OpenAIJson.Wire.RerankRequest).ConfigureAwait(false);
        string model = served.ResolveModel(request.Model);
        served.Prompt = new PromptField("documents");
        string query = new Field("query", request.Query).ToText();
        if (request.TopN is < 1)
        {
            throw ApiException.Invalid("top_n", $"is {request.TopN}; allowed is 1 or more");
        }

        served.Ignored.AddRange(request.Fields?.Keys ?? Enumerable.Empty<string>());
        IReadOnlyList<string> documents = await TextInputs.ReadAsync(
            served.Client, model, new Field("documents", request.Documents), served.Aborted).ConfigureAwait(false);
        IReadOnlyList<RankedDocument> ranked =
            await served.Client.RerankAsync(model, query, documents, served.Aborted).ConfigureAwait(false);
        await served.WriteAsync(ToList(request, model, ranked, documents), OpenAIJson.Wire.RerankList).ConfigureAwait(false);
    }

    private static RerankList ToList(
        RerankRequest request, string model, IReadOnlyList<RankedDocument> ranked, IReadOnlyList<string> documents)
    {
        return new RerankList
        {
            Model = request.Model ?? model,
            Results =
            [
                .. ranked.Take(request.TopN ?? ranked.Count).Select(document => new RerankItem
                {
                    Index = document.Index,
                    RelevanceScore = document.Score,
                    Document = request.ReturnDocuments is true ? new RerankDocument { Text = documents[document.Index] } : null,
                }),
            ],
        };
    }
}

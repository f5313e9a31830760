using Orchard.Server.Errors;
using Orchard.Server.Generation;
using Orchard.Server.Models;
using Orchard.Server.Serving;

namespace Orchard.Server.OpenAI.Embeddings;

/// <summary><c>POST /v1/embeddings</c>.</summary>
internal static class EmbeddingsEndpoint
{
    /// <summary>Answers a request.</summary>
    public static async Task HandleAsync(Served served)
    {
        EmbeddingsRequest request = await RequestBody.ReadAsync(served.Http, OpenAIJson.Wire.EmbeddingsRequest).ConfigureAwait(false);
        string model = served.ResolveModel(request.Model);
        served.Prompt = new PromptField("input");
        EmbeddingOptions options = EmbeddingMapping.ToOptions(request);
        bool inBase64 = EmbeddingMapping.WantsBase64(request);
        served.Ignored.AddRange(request.Fields?.Keys ?? Enumerable.Empty<string>());
        IReadOnlyList<string> texts = await TextInputs.ReadAsync(
            served.Client, model, new Field("input", request.Input), served.Aborted).ConfigureAwait(false);
        IReadOnlyList<TextEmbedding> embeddings =
            await served.Client.EmbedAsync(model, texts, options, served.Aborted).ConfigureAwait(false);
        await served.WriteAsync(
            EmbeddingMapping.ToList(embeddings, request.Model ?? model, inBase64), OpenAIJson.Wire.EmbeddingList).ConfigureAwait(false);
    }
}

using Orchard.Server.Generation;
using Orchard.Server.Models;
using Orchard.Server.Serving;

namespace Orchard.Server.Ollama.Embed;

/// <summary><c>POST /api/embed</c> and <c>POST /api/embeddings</c>.</summary>
internal static class OllamaEmbedEndpoint
{
    /// <summary>Answers a request for any number of texts.</summary>
    public static async Task HandleAsync(Served served)
    {
        TimeProvider time = served.Get<TimeProvider>();
        long start = time.GetTimestamp();
        OllamaEmbedRequest request = await RequestBody.ReadAsync(served.Http, OllamaJson.Wire.OllamaEmbedRequest).ConfigureAwait(false);
        (string model, IReadOnlyList<TextEmbedding> found) =
            await EmbedAsync(served, request, new Field("input", request.Input)).ConfigureAwait(false);
        await served.WriteAsync(
            new OllamaEmbeddings
            {
                Model = request.Model ?? model,
                Embeddings = [.. found.Select(static embedding => embedding.Vector.ToArray())],
                TotalDuration = time.GetElapsedTime(start).Ticks * TimeSpan.NanosecondsPerTick,
                PromptEvalCount = found.Sum(static embedding => embedding.TokenCount),
            },
            OllamaJson.Wire.OllamaEmbeddings).ConfigureAwait(false);
    }

    /// <summary>Answers a request for one text.</summary>
    public static async Task HandleOneAsync(Served served)
    {
        OllamaEmbedRequest request = await RequestBody.ReadAsync(served.Http, OllamaJson.Wire.OllamaEmbedRequest).ConfigureAwait(false);
        (_, IReadOnlyList<TextEmbedding> found) =
            await EmbedAsync(served, request, new Field("prompt", request.Prompt)).ConfigureAwait(false);
        await served.WriteAsync(
            new OllamaEmbedding { Embedding = found[0].Vector.ToArray() }, OllamaJson.Wire.OllamaEmbedding).ConfigureAwait(false);
    }

    private static async Task<(string Model, IReadOnlyList<TextEmbedding> Embeddings)> EmbedAsync(
        Served served, OllamaEmbedRequest request, Field input)
    {
        string model = served.ResolveModel(request.Model);
        served.Ignored.AddRange(request.Fields?.Keys ?? Enumerable.Empty<string>());
        var options = new EmbeddingOptions
        {
            Dimensions = request.Dimensions is 0 ? null : request.Dimensions,
            Truncate = request.Truncate ?? true,
            KeepAlive = new Field("keep_alive", request.KeepAlive) is { IsAbsent: false } field ? KeepAliveField.Read(field) : null,
        };
        IReadOnlyList<string> texts =
            input.IsArray && input.Value.GetArrayLength() == 0
                ? []
                : await TextInputs.ReadAsync(served.Client, model, input, served.Aborted).ConfigureAwait(false);
        return texts.Count == 0
            ? (model, [])
            : (model, await served.Client.EmbedAsync(model, texts, options, served.Aborted).ConfigureAwait(false));
    }
}

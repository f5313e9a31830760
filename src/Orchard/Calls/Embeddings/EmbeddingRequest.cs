using System.Runtime.InteropServices;
using Orchard.Models;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Requests;
using Orchard.Validation;

namespace Orchard.Calls.Embeddings;

/// <summary>A request for the embeddings of texts, or for the scores of documents.</summary>
/// <param name="model">The model, as the caller named it.</param>
/// <param name="texts">The texts or documents.</param>
/// <param name="options">Embedding options.</param>
/// <param name="query">The query to score documents against; null to embed.</param>
internal sealed class EmbeddingRequest(string model, ArraySegment<string> texts, EmbeddingOptions options, string? query = null)
    : IModelRequest<EmbeddingResult>
{
    /// <summary>Maximum number of texts in one request; more are sent in several.</summary>
    public const int MaxTexts = 512;

    public string Model => model;

    /// <exception cref="ArgumentOutOfRangeException">The model has fewer dimensions than requested.</exception>
    /// <exception cref="RequestRejectedException">An option needs Orchard's own engine.</exception>
    public RenderedRequest<EmbeddingResult> Render(ReadyModel ready, CancellationToken cancellationToken)
    {
        if (!ready.Session.IsOrchardEngine && (query is not null || options.Truncate || options.Pooling != EmbeddingPooling.Unspecified))
        {
            throw new RequestRejectedException(
                $"The engine that serves '{ready.Info.Path}' supports neither reranking nor the options Pooling and Truncate. "
                + "Use Orchard's own engine.",
                ErrorCode.Unsupported);
        }

        if (options.Dimensions is { } dimensions && ready.Info.EmbeddingLength is { } length)
        {
            OptionRange.Require(
                dimensions <= length,
                dimensions,
                $"1 to {length}, the number of dimensions of '{ready.Info.Path}'",
                nameof(EmbeddingOptions.Dimensions));
        }

        var extensions = new PromptExtensions
        {
            Query = query,
            Pooling = EmbeddingPoolingNames.Of(options.Pooling),
            Truncate = options.Truncate,
        };
        var frame = new WireRequest
        {
            RequestId = ready.Session.NextRequestId(),
            ModelId = ready.Info.Id,
            ModelPath = ready.Info.Path,
            Type = RequestType.Embedding,
            ResponseChannelId = ready.Session.ChannelId,
            Prompts = [.. texts.Select((text, index) => new WirePrompt { PromptIndex = index, Text = text, Extensions = extensions })],
            WantsAcknowledgement = ready.Session.IsOrchardEngine,
            KeepAlive = ready.Session.IsOrchardEngine ? options.KeepAlive : null,
        };
        return new RenderedRequest<EmbeddingResult>(frame, new EmbeddingReader(texts.Count, texts.Offset, ready.Info));
    }

    /// <summary>Returns the embeddings in the order of the texts.</summary>
    /// <exception cref="ProtocolException">The engine ended the request without all of them.</exception>
    public async Task<TextEmbedding[]> RunAsync(ModelAttempts attempts, CancellationToken cancellationToken)
    {
        var found = new TextEmbedding?[texts.Count];
        IAsyncEnumerable<EmbeddingResult> results = new ModelCall<EmbeddingResult>(this, attempts).StreamAsync(cancellationToken);
        await foreach (EmbeddingResult result in results.ConfigureAwait(false))
        {
            found[result.Index] = new TextEmbedding { Vector = Finish(result.Vector), TokenCount = result.TokenCount };
        }

        return Array.TrueForAll(found, embedding => embedding is not null)
            ? Array.ConvertAll(found, embedding => embedding!)
            : throw new ProtocolException(
                $"The engine ended the request without an embedding for {found.Count(embedding => embedding is null)} "
                + $"of {found.Length} texts.");
    }

    // Scores are not vectors.
    private float[] Finish(byte[] bytes)
    {
        ReadOnlySpan<float> all = MemoryMarshal.Cast<byte, float>(bytes); // little-endian, like all supported platforms
        return query is null ? EmbeddingVector.Finish(all, options, model) : all.ToArray();
    }
}

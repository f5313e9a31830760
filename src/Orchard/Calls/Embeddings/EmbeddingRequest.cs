using System.Runtime.InteropServices;
using Orchard.Models;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Requests;
using Orchard.Validation;

namespace Orchard.Calls.Embeddings;

/// <summary>One request for the vectors of texts, or for the ranks of documents.</summary>
/// <param name="model">Which model.</param>
/// <param name="texts">The texts, or the documents.</param>
/// <param name="options">How to embed.</param>
/// <param name="query">What the documents are ranked for; null to embed.</param>
internal sealed class EmbeddingRequest(string model, ArraySegment<string> texts, EmbeddingOptions options, string? query = null) : IModelRequest<EmbeddingResult>
{
    /// <summary>Most texts of one request; more go in several.</summary>
    public const int MaxTexts = 512;

    public string Model => model;

    /// <exception cref="ArgumentOutOfRangeException">The model gives fewer numbers than are asked for.</exception>
    /// <exception cref="RequestRejectedException">An option needs an engine of ours.</exception>
    public RenderedRequest<EmbeddingResult> Render(ReadyModel ready)
    {
        if (!ready.Session.IsOrchardEngine && (query is not null || options.Pooling != EmbeddingPooling.Unspecified))
        {
            throw new RequestRejectedException(
                $"The engine that serves '{ready.Info.Path}' can neither rerank nor be told how to pool. Use Orchard's own engine.", ErrorCode.Unsupported);
        }

        if (options.Dimensions is { } dimensions && ready.Info.EmbeddingLength is { } length)
        {
            OptionRange.Require(dimensions <= length, dimensions, $"1 to {length}, as many as '{ready.Info.Path}' gives", nameof(EmbeddingOptions.Dimensions));
        }

        var extensions = new PromptExtensions { Query = query, Pooling = EmbeddingPoolingNames.Of(options.Pooling) };
        var frame = new WireRequest
        {
            RequestId = ready.Session.NextRequestId(),
            ModelId = ready.Info.Id,
            ModelPath = ready.Info.Path,
            Type = RequestType.Embedding,
            ResponseChannelId = ready.Session.ChannelId,
            Prompts = [.. texts.Select((text, index) => new WirePrompt { PromptIndex = index, Text = text, Extensions = extensions })],
            WantsAcknowledgement = ready.Session.IsOrchardEngine,
        };
        return new RenderedRequest<EmbeddingResult>(frame, new EmbeddingReader(texts.Count));
    }

    /// <summary>The vectors of the texts, in their order.</summary>
    /// <exception cref="ProtocolException">The engine ended without all of them.</exception>
    public async Task<TextEmbedding[]> RunAsync(ModelAttempts attempts, CancellationToken cancellationToken)
    {
        var found = new TextEmbedding?[texts.Count];
        await foreach (EmbeddingResult result in new ModelCall<EmbeddingResult>(this, attempts).StreamAsync(cancellationToken).ConfigureAwait(false))
        {
            found[result.Index] = new TextEmbedding { Vector = Finish(result.Vector), TokenCount = result.TokenCount };
        }

        return Array.TrueForAll(found, embedding => embedding is not null)
            ? Array.ConvertAll(found, embedding => embedding!)
            : throw new ProtocolException($"The engine ended the request without an embedding for {found.Count(embedding => embedding is null)} of {found.Length} texts.");
    }

    private float[] Finish(byte[] bytes)
    {
        ReadOnlySpan<float> all = MemoryMarshal.Cast<byte, float>(bytes); // little-endian, as every machine that .NET runs on
        if (options.Dimensions is { } dimensions)
        {
            OptionRange.Require(dimensions <= all.Length, dimensions, $"1 to {all.Length}, as many as '{model}' gives", nameof(EmbeddingOptions.Dimensions));
            all = all[..dimensions];
        }

        float[] vector = all.ToArray();
        if (options.Normalize && query is null)
        {
            double length = Math.Sqrt(vector.Sum(value => (double)value * value));
            for (int i = 0; length > 0 && i < vector.Length; i++)
            {
                vector[i] = (float)(vector[i] / length);
            }
        }

        return vector;
    }
}

using Orchard.Remote.Configuration;
using Orchard.Remote.Models;
using Orchard.Remote.Requests;
using Orchard.Remote.Transport;

namespace Orchard.Remote.Texts;

/// <summary>Asks the servers of an endpoint for embeddings. Thread-safe.</summary>
/// <param name="settings">The endpoint.</param>
/// <param name="sender">Sends the requests.</param>
internal sealed class EmbeddingCaller(EndpointSettings settings, RequestSender sender)
{
    private const int TextsPerRequest = 128;
    private const int Parallel = 4;
    private const int MaxBytes = 256 << 20;

    /// <summary>Returns the embeddings in the order of the texts.</summary>
    public async Task<TextEmbedding[]> EmbedAsync(
        RemoteModel model, IReadOnlyList<string> texts, EmbeddingOptions options, CancellationToken cancellationToken)
    {
        Check(model.Profile, options);
        var found = new TextEmbedding[texts.Count];
        (int First, string[] Texts)[] parts =
            [.. texts.Chunk(TextsPerRequest).Select((part, index) => (index * TextsPerRequest, part))];
        await System.Threading.Tasks.Parallel.ForEachAsync(
            parts,
            new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken },
            async (part, token) =>
            {
                try
                {
                    TextEmbedding[] embeddings = await EmbedPartAsync(model, part.Texts, options, token).ConfigureAwait(false);
                    embeddings.CopyTo(found, part.First);
                }
                catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
                {
                    throw new OperationCanceledException(cancellationToken);
                }
            }).ConfigureAwait(false);
        return found;
    }

    private async Task<TextEmbedding[]> EmbedPartAsync(
        RemoteModel model, string[] texts, EmbeddingOptions options, CancellationToken cancellationToken)
    {
        using RequestBody body = Write(model, texts, options);
        (float[][] vectors, int tokens) = await sender.FetchAsync(
            new RemoteCall(Route.Embeddings, model.Name, body) { Offered = model.Offered },
            (bytes, response) => EmbeddingJson.Read(bytes.Span, texts.Length, response.Scene),
            MaxBytes,
            cancellationToken).ConfigureAwait(false);
        int[] counts = TokenShares.Of(tokens, texts);
        return [.. vectors.Select((vector, index) => new TextEmbedding
        {
            Vector = EmbeddingVector.Finish(vector, options, model.Name),
            TokenCount = counts[index],
        })];
    }

    private static RequestBody Write(RemoteModel model, string[] texts, EmbeddingOptions options) => ChatBody.Build(json =>
    {
        ServerProfile profile = model.Profile;
        json.WriteString("model"u8, model.ServerName);
        json.WriteStartArray("input"u8);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
        json.WriteString("encoding_format"u8, "base64"u8); // a server that does not know it sends numbers, which are read, too
        if (profile.NormalizeField is { } field && !options.Normalize)
        {
            if (profile.Kind == RemoteKind.LlamaServer)
            {
                json.WriteNumber(field, -1);
            }
            else
            {
                json.WriteBoolean(field, false);
            }
        }

        if (profile.Pooling && options.Pooling != EmbeddingPooling.Unspecified)
        {
            json.WriteString("pooling"u8, EmbeddingPoolingNames.Of(options.Pooling));
        }

        if (options.Truncate && profile.Kind == RemoteKind.Orchard)
        {
            json.WriteBoolean("truncate"u8, true);
        }
        else if (options.Truncate && profile.Kind == RemoteKind.Vllm)
        {
            json.WriteNumber("truncate_prompt_tokens"u8, -1);
        }

        if (profile.KeepAlive && options.KeepAlive is { } time)
        {
            json.WriteNumber("keep_alive"u8, time == Timeout.InfiniteTimeSpan ? -1 : time.TotalSeconds);
        }
    });

    private void Check(ServerProfile profile, EmbeddingOptions options)
    {
        string? refused = options.Pooling != EmbeddingPooling.Unspecified && !profile.Pooling ? nameof(options.Pooling)
            : options.Truncate && !profile.Truncates ? nameof(options.Truncate)
            : !options.Normalize && profile.NormalizeField is null ? nameof(options.Normalize)
            : null;
        if (refused is not null && !settings.BestEffort)
        {
            throw ChatBody.Refusal(settings, profile, refused);
        }
    }
}

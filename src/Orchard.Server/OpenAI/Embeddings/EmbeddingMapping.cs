using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text.Json;
using Orchard.Server.Generation;

namespace Orchard.Server.OpenAI.Embeddings;

/// <summary>Maps requests for embeddings to options, and embeddings to their JSON. Pure.</summary>
internal static class EmbeddingMapping
{
    /// <summary>Returns the options of a request.</summary>
    public static EmbeddingOptions ToOptions(EmbeddingsRequest request) => new()
    {
        Dimensions = request.Dimensions,
        Truncate = request.Truncate ?? false,
        Pooling = PoolingField.Read(new Field("pooling", request.Pooling)),
        KeepAlive = new Field("keep_alive", request.KeepAlive) is { IsAbsent: false } field ? KeepAliveField.Read(field) : null,
    };

    /// <summary>Whether a request wants vectors in base64.</summary>
    public static bool WantsBase64(EmbeddingsRequest request) => request.EncodingFormat switch
    {
        null or "float" => false,
        "base64" => true,
        _ => throw Errors.ApiException.Invalid("encoding_format", "is not known; allowed is float or base64"),
    };

    /// <summary>Returns the JSON of embeddings.</summary>
    public static EmbeddingList ToList(IReadOnlyList<TextEmbedding> embeddings, string model, bool inBase64)
    {
        int tokens = embeddings.Sum(static embedding => embedding.TokenCount);
        return new EmbeddingList
        {
            Model = model,
            Data =
            [
                .. embeddings.Select((embedding, index) => new EmbeddingItem
                {
                    Index = index,
                    Embedding = inBase64 ? ToBase64(embedding.Vector.Span) : ToNumbers(embedding.Vector.Span),
                }),
            ],
            Usage = new EmbeddingUsage { PromptTokens = tokens, TotalTokens = tokens },
        };
    }

    private static JsonElement ToBase64(ReadOnlySpan<float> vector)
    {
        byte[] bytes = new byte[vector.Length * sizeof(float)];
        for (int i = 0; i < vector.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), vector[i]);
        }

        byte[] quoted = new byte[Base64.GetMaxEncodedToUtf8Length(bytes.Length) + 2];
        quoted[0] = quoted[^1] = (byte)'"';
        Base64.EncodeToUtf8(bytes, quoted.AsSpan(1), out _, out _);
        return Parse(quoted);
    }

    private static JsonElement ToNumbers(ReadOnlySpan<float> vector)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(vector.Length * 12);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (float value in vector)
            {
                writer.WriteNumberValue(value);
            }

            writer.WriteEndArray();
        }

        return Parse(buffer.WrittenMemory);
    }

    private static JsonElement Parse(ReadOnlyMemory<byte> json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}

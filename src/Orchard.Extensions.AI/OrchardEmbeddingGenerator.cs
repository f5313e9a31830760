using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Orchard.Extensions.AI;

/// <summary>
/// Adapts one embedding model of a <see cref="Client"/> to <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/>. Thread-safe.
/// </summary>
internal sealed class OrchardEmbeddingGenerator(Client client, string model, int? dimensions)
    : IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly EmbeddingGeneratorMetadata _metadata = new("orchard", defaultModelId: model, defaultModelDimensions: dimensions);

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        string[] texts = [.. values];
        string name = string.IsNullOrWhiteSpace(options?.ModelId) ? model : options.ModelId;
        EmbeddingOptions embedding = ToOptions(options);
        if (texts.Length == 0)
        {
            return [];
        }

        IReadOnlyList<TextEmbedding> vectors = await client.EmbedAsync(name, texts, embedding, cancellationToken).ConfigureAwait(false);
        long tokens = vectors.Sum(vector => (long)vector.TokenCount);
        IEnumerable<Embedding<float>> embeddings = vectors.Select(vector => new Embedding<float>(vector.Vector) { ModelId = name });
        return new GeneratedEmbeddings<Embedding<float>>(embeddings)
        {
            Usage = new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens },
        };
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata
            : serviceType == typeof(Client) ? client
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    // The client is shared, and its owner disposes it.
    public void Dispose()
    {
    }

    private EmbeddingOptions ToOptions(EmbeddingGenerationOptions? options)
    {
        EmbeddingOptions start = options?.RawRepresentationFactory?.Invoke(this) switch
        {
            null => new EmbeddingOptions(),
            EmbeddingOptions given => given,
            { } other => throw new NotSupportedException(
                $"{nameof(EmbeddingGenerationOptions)}.{nameof(EmbeddingGenerationOptions.RawRepresentationFactory)} returned a "
                + $"{other.GetType()}; it must return {typeof(EmbeddingOptions)} or null."),
        };
        return start with
        {
            Dimensions = options?.Dimensions ?? start.Dimensions ?? dimensions,
            Truncate = options?.AdditionalProperties?.GetValueOrDefault("truncate") switch
            {
                null => start.Truncate,
                bool truncate => truncate,
                JsonElement { ValueKind: JsonValueKind.True or JsonValueKind.False } json => json.GetBoolean(),
                { } other => throw new ArgumentException(
                    $"{nameof(EmbeddingGenerationOptions)}.{nameof(EmbeddingGenerationOptions.AdditionalProperties)}[\"truncate\"] is "
                    + $"'{other}'; it must be true or false.",
                    nameof(options)),
            },
        };
    }
}

using Microsoft.Extensions.AI;

namespace Orchard;

/// <summary>Orchard as Microsoft.Extensions.AI knows chat clients.</summary>
public static class ClientExtensions
{
    /// <summary>One of the client's models as an <see cref="IChatClient"/>.</summary>
    /// <remarks>
    /// Thread-safe: one instance serves a whole application. It does not own the client: dispose that when done. What the model or
    /// Orchard cannot do is refused with a <see cref="NotSupportedException"/> that names the option; nothing is silently ignored.
    /// </remarks>
    /// <param name="client">The client.</param>
    /// <param name="model">
    /// <c>starter</c>, or the path of a GGUF file; loaded with the first call if it is not. <see cref="ChatOptions.ModelId"/> names
    /// another for one call.
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="client"/> is null, or <paramref name="model"/> is null or blank.</exception>
    public static IChatClient AsChatClient(this Client client, string model)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        return new OrchardChatClient(client, model);
    }

    /// <summary>One of the client's embedding models as an <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/>.</summary>
    /// <remarks>
    /// Thread-safe: one instance serves a whole application. It does not own the client: dispose that when done. Pooling, and vectors that
    /// are not of length one, are had with <see cref="EmbeddingOptions"/> from <see cref="EmbeddingGenerationOptions.RawRepresentationFactory"/>.
    /// </remarks>
    /// <param name="client">The client.</param>
    /// <param name="model">
    /// The path of a GGUF file of an embedding model; loaded with the first call if it is not. <see cref="EmbeddingGenerationOptions.ModelId"/>
    /// names another for one call.
    /// </param>
    /// <param name="dimensions">How many dimensions vectors have where a call does not say; null for all that the model gives (default: null).</param>
    /// <exception cref="ArgumentException"><paramref name="client"/> is null, or <paramref name="model"/> is null or blank.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="dimensions"/> is less than 1.</exception>
    public static IEmbeddingGenerator<string, Embedding<float>> AsEmbeddingGenerator(this Client client, string model, int? dimensions = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions ?? 1, 1, nameof(dimensions));
        return new OrchardEmbeddingGenerator(client, model, dimensions);
    }
}

using Orchard;
using Orchard.Extensions.AI;

namespace Microsoft.Extensions.AI;

/// <summary>Adapters from Orchard's <see cref="Client"/> to the abstractions of Microsoft.Extensions.AI.</summary>
public static class OrchardClientExtensions
{
    /// <summary>
    /// Key in <see cref="ChatResponse.AdditionalProperties"/>, or in <see cref="ChatResponseUpdate.AdditionalProperties"/> of the last
    /// update, of the names of options that had no effect, as an array of strings: <c>orchard.ignored_options</c>. Not present if there are
    /// none.
    /// </summary>
    public const string IgnoredOptions = MappedOptions.IgnoredKey;

    /// <summary>Returns an <see cref="IChatClient"/> for one model of the client.</summary>
    /// <remarks>
    /// The chat client is thread-safe and shares <paramref name="client"/>, which must be disposed separately; disposing the chat client
    /// has no effect. An option that Orchard does not support, and without which the answer would not be what was asked for, is refused
    /// with a <see cref="NotSupportedException"/> that names it. Options that the model cannot follow, such as an effort of reasoning, and
    /// unknown additional properties have no effect and are listed in the response, see <see cref="IgnoredOptions"/>.
    /// <see cref="ReasoningEffort.ExtraHigh"/> is treated as <see cref="ReasoningEffort.High"/>, the highest level that models support.
    /// </remarks>
    /// <param name="client">The client.</param>
    /// <param name="model">
    /// <c>starter</c>, the path of a GGUF file, or a name of the hub. Loaded by the first call if necessary.
    /// <see cref="ChatOptions.ModelId"/> overrides it for one call.
    /// </param>
    /// <returns>The chat client.</returns>
    /// <exception cref="ArgumentException"><paramref name="client"/> is null, or <paramref name="model"/> is null or blank.</exception>
    public static IChatClient AsIChatClient(this Client client, string model)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        return new OrchardChatClient(client, model);
    }

    /// <summary>Returns an <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/> for one embedding model of the client.</summary>
    /// <remarks>
    /// The generator is thread-safe and shares <paramref name="client"/>, which must be disposed separately; disposing the generator has no
    /// effect. Pooling, normalization and truncation are set with <see cref="EmbeddingOptions"/>, returned by
    /// <see cref="EmbeddingGenerationOptions.RawRepresentationFactory"/>; truncation also with the additional property <c>truncate</c>, as
    /// in Ollama.
    /// </remarks>
    /// <param name="client">The client.</param>
    /// <param name="model">
    /// Path of a GGUF file of an embedding model. Loaded by the first call if necessary. <see cref="EmbeddingGenerationOptions.ModelId"/>
    /// overrides it for one call.
    /// </param>
    /// <param name="dimensions">
    /// Number of dimensions of the embeddings, at least 1, unless a call specifies it (default: null, all dimensions of the model).
    /// </param>
    /// <returns>The embedding generator.</returns>
    /// <exception cref="ArgumentException"><paramref name="client"/> is null, or <paramref name="model"/> is null or blank.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="dimensions"/> is less than 1.</exception>
    public static IEmbeddingGenerator<string, Embedding<float>> AsIEmbeddingGenerator(
        this Client client, string model, int? dimensions = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions ?? 1, 1, nameof(dimensions));
        return new OrchardEmbeddingGenerator(client, model, dimensions);
    }
}

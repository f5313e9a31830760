using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orchard.Extensions.AI.Hosting;

namespace Orchard.Extensions.AI;

/// <summary>Adds services that use one client of the container. Not thread-safe.</summary>
public sealed class OrchardBuilder
{
    internal OrchardBuilder(IServiceCollection services, string name)
    {
        Services = services;
        Name = name;
    }

    /// <summary>The application's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Name of the client, which is also its key in the container; empty for the client without a key.</summary>
    public string Name { get; }

    /// <summary>
    /// Adds a chat client for the model of <see cref="OrchardOptions.Model"/>, as a singleton with the key <see cref="Name"/>, or without a
    /// key if that is empty. The start of the application fails if no model is set.
    /// </summary>
    /// <returns>A builder, to add middleware to the chat client.</returns>
    public ChatClientBuilder AddChatClient()
    {
        Services.AddOptions<OrchardOptions>(Name).Validate(
            static options => options.Model is not null,
            $"{nameof(OrchardOptions)}.{nameof(OrchardOptions.Model)} is not set, but a chat client was added without a model. "
            + "Set one of them.");
        return AddChatClient(Name, static options => options.Model!);
    }

    /// <summary>Adds a chat client, as a singleton with the key <see cref="Name"/>, or without a key if that is empty.</summary>
    /// <param name="model"><c>starter</c>, the path of a GGUF file, or a name of the hub.</param>
    /// <returns>A builder, to add middleware to the chat client.</returns>
    /// <exception cref="ArgumentException"><paramref name="model"/> is null or blank.</exception>
    public ChatClientBuilder AddChatClient(string model)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        return AddChatClient(Name, _ => model);
    }

    /// <summary>Adds a chat client, as a singleton with its own key, for applications that use several models of one client.</summary>
    /// <param name="key">Key of the chat client.</param>
    /// <param name="model"><c>starter</c>, the path of a GGUF file, or a name of the hub.</param>
    /// <returns>A builder, to add middleware to the chat client.</returns>
    /// <exception cref="ArgumentException"><paramref name="key"/> is null, or <paramref name="model"/> is null or blank.</exception>
    public ChatClientBuilder AddKeyedChatClient(object key, string model)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        return AddChatClient(key, _ => model);
    }

    /// <summary>Adds an embedding generator, as a singleton with the key <see cref="Name"/>, or without a key if that is empty.</summary>
    /// <param name="model">Path of a GGUF file of an embedding model.</param>
    /// <param name="dimensions">
    /// Number of dimensions of the embeddings, at least 1, unless a call specifies it (default: null, all dimensions of the model).
    /// </param>
    /// <returns>A builder, to add middleware to the embedding generator.</returns>
    /// <exception cref="ArgumentException"><paramref name="model"/> is null or blank.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="dimensions"/> is less than 1.</exception>
    public EmbeddingGeneratorBuilder<string, Embedding<float>> AddEmbeddingGenerator(string model, int? dimensions = null) =>
        AddKeyedEmbeddingGenerator(Name, model, dimensions);

    /// <summary>
    /// Adds an embedding generator, as a singleton with its own key, for applications that use several embedding models of one client.
    /// </summary>
    /// <param name="key">Key of the embedding generator.</param>
    /// <param name="model">Path of a GGUF file of an embedding model.</param>
    /// <param name="dimensions">
    /// Number of dimensions of the embeddings, at least 1, unless a call specifies it (default: null, all dimensions of the model).
    /// </param>
    /// <returns>A builder, to add middleware to the embedding generator.</returns>
    /// <exception cref="ArgumentException"><paramref name="key"/> is null, or <paramref name="model"/> is null or blank.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="dimensions"/> is less than 1.</exception>
    public EmbeddingGeneratorBuilder<string, Embedding<float>> AddKeyedEmbeddingGenerator(
        object key, string model, int? dimensions = null)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions ?? 1, 1, nameof(dimensions));
        IEmbeddingGenerator<string, Embedding<float>> Create(IServiceProvider services) =>
            services.GetOrchardClient(Name).AsIEmbeddingGenerator(model, dimensions);

        return key is "" ? Services.AddEmbeddingGenerator(Create) : Services.AddKeyedEmbeddingGenerator(key, Create);
    }

    /// <summary>Adds models to load when the application starts, in addition to <see cref="OrchardOptions.PreloadModels"/>.</summary>
    /// <param name="models">Each is <c>starter</c>, the path of a GGUF file, or a name of the hub.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="models"/> is null.</exception>
    public OrchardBuilder Preload(params string[] models)
    {
        ArgumentNullException.ThrowIfNull(models);
        Services.Configure<OrchardOptions>(Name, options =>
        {
            foreach (string model in models)
            {
                options.PreloadModels.Add(model);
            }
        });
        return this;
    }

    private ChatClientBuilder AddChatClient(object key, Func<OrchardOptions, string> model)
    {
        IChatClient Create(IServiceProvider services) => services.GetOrchardClient(Name).AsIChatClient(
            model(services.GetRequiredService<IOptionsMonitor<OrchardOptions>>().Get(Name)));

        return key is "" ? Services.AddChatClient(Create) : Services.AddKeyedChatClient(key, Create);
    }
}

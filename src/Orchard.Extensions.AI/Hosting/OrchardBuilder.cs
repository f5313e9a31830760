using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orchard.Hosting;

namespace Orchard;

/// <summary>Adds what uses one client of the container. Used while an application is being set up, by one thread.</summary>
public sealed class OrchardBuilder
{
    internal OrchardBuilder(IServiceCollection services, string name)
    {
        Services = services;
        Name = name;
    }

    /// <summary>The application's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>The client's name, which is also its key in the container; empty for the one without a key.</summary>
    public string Name { get; }

    /// <summary>
    /// Adds a chat client for the model that <see cref="OrchardOptions.Model"/> names, as a singleton with the key <see cref="Name"/>,
    /// or without a key.
    /// </summary>
    /// <returns>The pipeline, to add middleware to.</returns>
    public ChatClientBuilder AddChatClient()
    {
        Services.AddOptions<OrchardOptions>(Name).Validate(
            static options => options.Model is not null,
            $"{nameof(OrchardOptions)}.{nameof(OrchardOptions.Model)} is not set, and a chat client is added without a model. Name one in either place.");
        return AddChatClient(Name, static options => options.Model!);
    }

    /// <summary>Adds a chat client, as a singleton with the key <see cref="Name"/>, or without a key.</summary>
    /// <param name="model"><c>starter</c>, or the path of a GGUF file.</param>
    /// <returns>The pipeline, to add middleware to.</returns>
    public ChatClientBuilder AddChatClient(string model)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        return AddChatClient(Name, _ => model);
    }

    /// <summary>Adds a chat client, as a singleton with a key of its own: for several models of one client.</summary>
    /// <param name="key">The key to resolve it by.</param>
    /// <param name="model"><c>starter</c>, or the path of a GGUF file.</param>
    /// <returns>The pipeline, to add middleware to.</returns>
    public ChatClientBuilder AddKeyedChatClient(object key, string model)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        return AddChatClient(key, _ => model);
    }

    /// <summary>Adds an embedding generator, as a singleton with the key <see cref="Name"/>, or without a key.</summary>
    /// <param name="model">The path of a GGUF file of an embedding model.</param>
    /// <param name="dimensions">As <see cref="ClientExtensions.AsEmbeddingGenerator"/> takes it.</param>
    /// <returns>The pipeline, to add middleware to.</returns>
    public EmbeddingGeneratorBuilder<string, Embedding<float>> AddEmbeddingGenerator(string model, int? dimensions = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions ?? 1, 1, nameof(dimensions));
        IEmbeddingGenerator<string, Embedding<float>> Create(IServiceProvider services) => services.GetOrchardClient(Name).AsEmbeddingGenerator(model, dimensions);

        return Name.Length == 0 ? Services.AddEmbeddingGenerator(Create) : Services.AddKeyedEmbeddingGenerator(Name, Create);
    }

    /// <summary>Has models loaded when the application starts, with those that configuration names.</summary>
    /// <param name="models">As <see cref="ModelRegistry.EnsureLoadedAsync"/> names them.</param>
    /// <returns>This builder.</returns>
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
        IChatClient Create(IServiceProvider services) =>
            services.GetOrchardClient(Name).AsChatClient(model(services.GetRequiredService<IOptionsMonitor<OrchardOptions>>().Get(Name)));

        return key is "" ? Services.AddChatClient(Create) : Services.AddKeyedChatClient(key, Create);
    }
}

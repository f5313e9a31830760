using Microsoft.Extensions.AI;

namespace Orchard.Extensions.AI;

/// <summary>Adapts one model of a <see cref="Client"/> to <see cref="IChatClient"/>. Thread-safe.</summary>
internal sealed class OrchardChatClient(Client client, string model) : IChatClient
{
    private readonly ChatClientMetadata _metadata = new("orchard", defaultModelId: model);

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        (ResponseMapping response, IReadOnlyList<Message> conversation, GenerationOptions generation) = Translate(messages, options);
        ChatResult result = await client.ChatAsync(response.Model, conversation, generation, cancellationToken).ConfigureAwait(false);
        return response.ToResponse(result);
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        (ResponseMapping response, IReadOnlyList<Message> conversation, GenerationOptions generation) = Translate(messages, options);
        if (generation.CandidateCount > 1)
        {
            throw new NotSupportedException(
                $"{generation.CandidateCount} answers are requested, but a stream of {nameof(ChatResponseUpdate)} carries only one. "
                + $"Use {nameof(GetResponseAsync)}, or {nameof(Client)}.{nameof(Client.ChatStreamAsync)}.");
        }

        return new UpdateStream(response, client.ChatStreamAsync(response.Model, conversation, generation, cancellationToken));
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? _metadata
            : serviceType == typeof(Client) ? client
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    // The client is shared, and its owner disposes it.
    public void Dispose()
    {
    }

    private (ResponseMapping Response, IReadOnlyList<Message> Conversation, GenerationOptions Generation) Translate(
        IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        ArgumentNullException.ThrowIfNull(messages);
        MappedOptions mapped = OptionsMapping.Map(options, this);
        return (
            new ResponseMapping(string.IsNullOrWhiteSpace(options?.ModelId) ? model : options.ModelId, mapped),
            MessageMapping.ToConversation(messages, options?.Instructions, mapped.Names),
            mapped.Generation);
    }
}

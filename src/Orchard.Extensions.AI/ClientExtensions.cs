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
}

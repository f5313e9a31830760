namespace Orchard.Protocol.Sockets;

/// <summary>Receives messages from any number of PUSH peers. Each connection calls the handler for one message at a time.</summary>
internal sealed class PullSocket(SpMessageHandler handler, SpOptions options) : ISpServer
{
    /// <summary>Connections with a thread of their own; further ones share the thread pool.</summary>
    public const int MaxOwnThreads = 8;

    private readonly OwnThreads _threads = new("Orchard PULL", MaxOwnThreads);

    public SpProtocol Protocol => SpProtocol.Pull;

    public Task<ConnectionEnd> ServeAsync(Stream stream, CancellationToken cancellationToken) =>
        _threads.RunAsync(() => ServeHereAsync(stream, cancellationToken));

    private async Task<ConnectionEnd> ServeHereAsync(Stream stream, CancellationToken cancellationToken)
    {
        var connection = new SpConnection(stream, Protocol, options, cancellationToken);
        await using (connection.ConfigureAwait(false))
        {
            return await connection.NegotiateAsync().ConfigureAwait(false)
                ?? await connection.ReadAsync(handler).ConfigureAwait(false);
        }
    }
}

namespace Orchard.Protocol.Sockets;

/// <summary>Receives messages from any number of PUSH peers. Each connection calls its handler for one message at a time.</summary>
internal sealed class PullSocket : ISpServer
{
    /// <summary>Connections with a thread of their own; further ones share the thread pool.</summary>
    public const int MaxOwnThreads = 8;

    private readonly OwnThreads _threads = new("Orchard PULL", MaxOwnThreads);
    private readonly Func<PeerProcess, SpMessageHandler> _accept;
    private readonly SpOptions _options;

    /// <param name="handler">Handles the messages of all connections.</param>
    /// <param name="options">Limits.</param>
    public PullSocket(SpMessageHandler handler, SpOptions options)
        : this(options, _ => handler)
    {
    }

    private PullSocket(SpOptions options, Func<PeerProcess, SpMessageHandler> accept)
    {
        _accept = accept;
        _options = options;
    }

    public SpProtocol Protocol => SpProtocol.Pull;

    /// <summary>Creates a socket whose handlers know the process that sent a message.</summary>
    /// <param name="accept">Returns the handler of one connection.</param>
    /// <param name="options">Limits.</param>
    public static PullSocket ForPeers(Func<PeerProcess, SpMessageHandler> accept, SpOptions options) => new(options, accept);

    public Task<ConnectionEnd> ServeAsync(Stream stream, CancellationToken cancellationToken) =>
        _threads.RunAsync(() => ServeHereAsync(stream, cancellationToken));

    private async Task<ConnectionEnd> ServeHereAsync(Stream stream, CancellationToken cancellationToken)
    {
        var connection = new SpConnection(stream, Protocol, _options, cancellationToken);
        await using (connection.ConfigureAwait(false))
        {
            return await connection.NegotiateAsync().ConfigureAwait(false)
                ?? await connection.ReadAsync(_accept(connection.Peer)).ConfigureAwait(false);
        }
    }
}

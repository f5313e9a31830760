namespace Orchard.Protocol.Sockets;

/// <summary>Receives messages from any number of PUSH peers. The handler runs once at a time per connection.</summary>
internal sealed class PullSocket(SpMessageHandler handler, SpOptions options) : ISpServer
{
    public SpProtocol Protocol => SpProtocol.Pull;

    public Task<ConnectionEnd> ServeAsync(Stream stream, CancellationToken cancellationToken)
    {
        _ = handler;
        _ = options;
        throw new NotImplementedException();
    }
}

namespace Orchard.Protocol.Sockets;

/// <summary>
/// Publishes messages to every connected SUB peer. Never drops one for a connected peer: a peer that lets more than
/// <see cref="SpOptions.MaxQueuedBytes"/> pile up is disconnected. Thread-safe.
/// </summary>
internal sealed class PubSocket(SpOptions options) : ISpServer
{
    public SpProtocol Protocol => SpProtocol.Pub;

    /// <summary>How many peers have finished the header exchange and are connected.</summary>
    public int SubscriberCount => throw new NotImplementedException();

    /// <summary>Queues one message for every subscriber and returns at once; messages queued while a write is under way leave in one write.</summary>
    public void Publish(ReadOnlySpan<byte> message) => throw new NotImplementedException();

    public Task<ConnectionEnd> ServeAsync(Stream stream, CancellationToken cancellationToken)
    {
        _ = options;
        throw new NotImplementedException();
    }
}

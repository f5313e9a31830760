namespace Orchard.Protocol.Sockets;

/// <summary>
/// Publishes messages to every connected SUB peer. Never drops one for a connected peer: a peer that lets more than
/// <see cref="SpOptions.MaxQueuedBytes"/> pile up is disconnected. Thread-safe.
/// </summary>
internal sealed class PubSocket(SpOptions options) : ISpServer
{
    private readonly Lock _lock = new();
    private volatile PubSubscriber[] _subscribers = [];
    private int _subscriberCount;

    public SpProtocol Protocol => SpProtocol.Pub;

    /// <summary>How many peers have finished the header exchange and are connected.</summary>
    public int SubscriberCount => Volatile.Read(ref _subscriberCount);

    /// <summary>Queues one message for every subscriber and returns at once; messages queued while a write is under way leave in one write.</summary>
    /// <remarks>Allocates nothing in steady state. Calls of one thread keep their order.</remarks>
    /// <exception cref="ArgumentException">The message is above <see cref="SpOptions.MaxMessageBytes"/>.</exception>
    public void Publish(ReadOnlySpan<byte> message)
    {
        SpConnection.ThrowIfTooLong(message.Length, options);
        Span<byte> header = stackalloc byte[SpFrame.HeaderLength];
        SpFrame.WriteHeader(header, message.Length);
        foreach (PubSubscriber subscriber in _subscribers)
        {
            subscriber.Enqueue(header, message);
        }
    }

    public async Task<ConnectionEnd> ServeAsync(Stream stream, CancellationToken cancellationToken)
    {
        var connection = new SpConnection(stream, Protocol, options, cancellationToken);
        await using (connection.ConfigureAwait(false))
        {
            var subscriber = new PubSubscriber(connection, options.MaxQueuedBytes);

            // Queued for before our header leaves: a peer that has seen the header misses nothing published from then on.
            Add(subscriber);
            try
            {
                return await connection.NegotiateAsync().ConfigureAwait(false)
                    ?? await ServeSubscriberAsync(connection, subscriber).ConfigureAwait(false);
            }
            finally
            {
                Remove(subscriber);
                subscriber.Complete();
            }
        }
    }

    private async Task<ConnectionEnd> ServeSubscriberAsync(SpConnection connection, PubSubscriber subscriber)
    {
        Interlocked.Increment(ref _subscriberCount);
        try
        {
            Task sending = Task.Run(subscriber.SendQueuedAsync, CancellationToken.None);
            ConnectionEnd end = await connection.ReadAsync(static message =>
                throw new WireException($"The SUB peer sent a message of {message.Length} bytes; a SUB socket only listens."))
                .ConfigureAwait(false);
            await sending.ConfigureAwait(false);
            return end;
        }
        finally
        {
            Interlocked.Decrement(ref _subscriberCount);
        }
    }

    private void Add(PubSubscriber subscriber)
    {
        lock (_lock)
        {
            _subscribers = [.. _subscribers, subscriber];
        }
    }

    private void Remove(PubSubscriber subscriber)
    {
        lock (_lock)
        {
            _subscribers = [.. _subscribers.Where(other => other != subscriber)];
        }
    }
}

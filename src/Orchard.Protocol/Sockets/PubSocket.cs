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

    /// <summary>Sends one message to every subscriber, and what was queued before it. Returns at once, however slow a subscriber is.</summary>
    /// <remarks>Calls of one thread keep their order.</remarks>
    /// <exception cref="ArgumentException">The message is above <see cref="SpOptions.MaxMessageBytes"/>.</exception>
    public void Publish(ReadOnlySpan<byte> message)
    {
        Queue(message);
        Flush();
    }

    /// <summary>Queues one message for every subscriber. It leaves with the next <see cref="Flush"/> or <see cref="Publish"/>, in one write with its like.</summary>
    /// <remarks>Allocates nothing in steady state. Calls of one thread keep their order.</remarks>
    /// <exception cref="ArgumentException">The message is above <see cref="SpOptions.MaxMessageBytes"/>.</exception>
    public void Queue(ReadOnlySpan<byte> message)
    {
        SpConnection.ThrowIfTooLong(message.Length, options);
        Span<byte> header = stackalloc byte[SpFrame.HeaderLength];
        SpFrame.WriteHeader(header, message.Length);
        foreach (PubSubscriber subscriber in _subscribers)
        {
            subscriber.Enqueue(header, message);
        }
    }

    /// <summary>Sends what is queued.</summary>
    public void Flush()
    {
        foreach (PubSubscriber subscriber in _subscribers)
        {
            subscriber.Flush();
        }
    }

    /// <inheritdoc/>
    /// <remarks>On a thread of its own: a socket read elsewhere wakes the runtime's polling thread whenever its peer has made room.</remarks>
    public Task<ConnectionEnd> ServeAsync(Stream stream, CancellationToken cancellationToken) =>
        OwnThread.RunAsync("Orchard PUB", () => ServeHereAsync(stream, cancellationToken));

    private async Task<ConnectionEnd> ServeHereAsync(Stream stream, CancellationToken cancellationToken)
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
            subscriber.Open();
            ConnectionEnd end = await connection.ReadAsync(static message =>
                throw new WireException($"The SUB peer sent a message of {message.Length} bytes; a SUB socket only listens."))
                .ConfigureAwait(false);
            await subscriber.WaitForSenderAsync().ConfigureAwait(false);
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

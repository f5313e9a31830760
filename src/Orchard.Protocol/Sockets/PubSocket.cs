namespace Orchard.Protocol.Sockets;

/// <summary>
/// Publishes messages to connected SUB peers. Never drops a message for a connected peer, except one that the next of its kind replaces: a
/// peer with more than <see cref="SpOptions.MaxQueuedBytes"/> of unread data is disconnected. Thread-safe.
/// </summary>
internal sealed class PubSocket(SpOptions options, ISubscriberObserver? observer = null) : ISpServer
{
    // Connections with a thread of their own; further ones share the thread pool.
    private const int MaxOwnThreads = 8;

    private readonly OwnThreads _threads = new("Orchard PUB", MaxOwnThreads);
    private readonly Lock _lock = new();
    private volatile PubSubscriber[] _subscribers = [];
    private int _subscriberCount;

    public SpProtocol Protocol => SpProtocol.Pub;

    /// <summary>Number of connected peers that have completed the header exchange.</summary>
    public int SubscriberCount => Volatile.Read(ref _subscriberCount);

    /// <summary>Sends one message to every subscriber after everything queued before. Does not wait for slow subscribers.</summary>
    /// <remarks>Calls from one thread keep their order.</remarks>
    /// <exception cref="ArgumentException">The message is longer than <see cref="SpOptions.MaxMessageBytes"/>.</exception>
    public void Publish(ReadOnlySpan<byte> message)
    {
        Queue(message);
        Flush();
    }

    /// <summary>
    /// Sends one message that the next of its kind replaces, such as a heartbeat. A subscriber that has not read the messages before does
    /// not get it, so that such messages do not accumulate for a peer that has stopped reading.
    /// </summary>
    /// <exception cref="ArgumentException">The message is longer than <see cref="SpOptions.MaxMessageBytes"/>.</exception>
    public void PublishReplaceable(ReadOnlySpan<byte> message)
    {
        foreach (PubSubscriber subscriber in _subscribers)
        {
            if (!subscriber.IsBehind)
            {
                subscriber.Queue(message);
                subscriber.Flush();
            }
        }
    }

    /// <summary>Queues one message for every subscriber that is not <see cref="PubSubscriber.IsDedicated"/>.</summary>
    /// <exception cref="ArgumentException">The message is longer than <see cref="SpOptions.MaxMessageBytes"/>.</exception>
    public void QueueForOthers(ReadOnlySpan<byte> message)
    {
        foreach (PubSubscriber subscriber in _subscribers)
        {
            if (!subscriber.IsDedicated)
            {
                subscriber.Queue(message);
            }
        }
    }

    /// <summary>
    /// Queues one message for every subscriber. The next <see cref="Flush"/> or <see cref="Publish"/> sends all queued messages in one
    /// write.
    /// </summary>
    /// <remarks>Allocates nothing in the steady state. Calls from one thread keep their order.</remarks>
    /// <exception cref="ArgumentException">The message is longer than <see cref="SpOptions.MaxMessageBytes"/>.</exception>
    public void Queue(ReadOnlySpan<byte> message)
    {
        foreach (PubSubscriber subscriber in _subscribers)
        {
            subscriber.Queue(message);
        }
    }

    /// <summary>Sends all queued messages. Does not wait for slow subscribers.</summary>
    public void Flush()
    {
        foreach (PubSubscriber subscriber in _subscribers)
        {
            subscriber.Flush();
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Runs on a dedicated thread. A socket that is read on the thread pool wakes the runtime's polling thread whenever the peer has made
    /// room for more data.
    /// </remarks>
    public Task<ConnectionEnd> ServeAsync(Stream stream, CancellationToken cancellationToken) =>
        _threads.RunAsync(() => ServeHereAsync(stream, cancellationToken));

    private async Task<ConnectionEnd> ServeHereAsync(Stream stream, CancellationToken cancellationToken)
    {
        var connection = new SpConnection(stream, Protocol, options, cancellationToken);
        await using (connection.ConfigureAwait(false))
        {
            var subscriber = new PubSubscriber(connection, options);
            observer?.OnJoining(subscriber);

            // Added before the header is sent, so that a peer that has seen the header misses no message published from then on.
            Add(subscriber);
            ConnectionEnd end = await connection.NegotiateAsync().ConfigureAwait(false)
                ?? await ServeSubscriberAsync(connection, subscriber).ConfigureAwait(false);
            Remove(subscriber);
            subscriber.Complete();
            observer?.OnLeft(subscriber);
            return end;
        }
    }

    private async Task<ConnectionEnd> ServeSubscriberAsync(SpConnection connection, PubSubscriber subscriber)
    {
        Interlocked.Increment(ref _subscriberCount);
        try
        {
            subscriber.Open();
            ConnectionEnd end = await connection.ReadAsync(static message =>
                throw new WireException($"The SUB peer sent a message of {message.Length} bytes; a SUB socket must not send messages."))
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

using System.Buffers;
using System.Threading.Channels;
using Orchard.Protocol;
using Orchard.Protocol.Sockets;

namespace Orchard.Testing.Wire;

/// <summary>
/// The PUB side of the scripted engine. Unlike the real one it can die in order: after the messages before have left, and between two
/// messages or inside one. Thread-safe.
/// </summary>
internal sealed class FakePublisher : ISpServer
{
    private readonly Lock _gate = new();
    private readonly List<Subscriber> _subscribers = []; // guarded by _gate
    private bool _ended; // guarded by _gate

    public SpProtocol Protocol => SpProtocol.Pub;

    /// <summary>Queues a message for all subscribers.</summary>
    public void Publish(ReadOnlyMemory<byte> message) => Queue(new Message(message, IsTorn: false));

    /// <summary>Closes all connections behind what is queued, inside a message if asked to, and waits until they are closed.</summary>
    public Task EndAsync(bool torn)
    {
        if (torn)
        {
            Queue(new Message("__PIE_EVENT__:torn"u8.ToArray(), IsTorn: true));
        }

        lock (_gate)
        {
            _ended = true;
            _subscribers.ForEach(static subscriber => subscriber.Queue.Writer.TryComplete());
            return Task.WhenAll(_subscribers.Select(static subscriber => subscriber.Gone.Task));
        }
    }

    public async Task<ConnectionEnd> ServeAsync(Stream stream, CancellationToken cancellationToken)
    {
        // Before our header leaves: a peer that has seen it misses nothing.
        Subscriber subscriber = Subscribe();
        var connection = new SpConnection(stream, Protocol, SpOptions.Default, cancellationToken);
        try
        {
            await using (connection.ConfigureAwait(false))
            {
                if (await connection.NegotiateAsync().ConfigureAwait(false) is { } refused)
                {
                    return refused;
                }

                Task sending = SendAsync(connection, subscriber.Queue.Reader);
                ConnectionEnd end = await connection.ReadAsync(static _ => ValueTask.CompletedTask).ConfigureAwait(false);
                await sending.ConfigureAwait(false);
                return end;
            }
        }
        finally
        {
            Unsubscribe(subscriber);
        }
    }

    // Never throws.
    private static async Task SendAsync(SpConnection connection, ChannelReader<Message> queue)
    {
        try
        {
            await foreach (Message message in queue.ReadAllAsync(connection.Closing).ConfigureAwait(false))
            {
                if (message.IsTorn)
                {
                    await connection.SendBytesAsync(FirstHalf(message.Bytes)).ConfigureAwait(false);
                }
                else
                {
                    await connection.SendAsync(default, new ReadOnlySequence<byte>(message.Bytes), CancellationToken.None).ConfigureAwait(false);
                }
            }

            connection.Close(new ConnectionEnd(ConnectionEndReason.Disposed));
        }
        catch (Exception e) when (e is OperationCanceledException or ConnectionClosedException)
        {
            // The client left.
        }
    }

    private static ReadOnlySequence<byte> FirstHalf(ReadOnlyMemory<byte> message)
    {
        byte[] frame = new byte[SpFrame.HeaderLength + (message.Length / 2)];
        SpFrame.WriteHeader(frame, message.Length);
        message.Span[..(message.Length / 2)].CopyTo(frame.AsSpan(SpFrame.HeaderLength));
        return new ReadOnlySequence<byte>(frame);
    }

    private Subscriber Subscribe()
    {
        var subscriber = new Subscriber();
        lock (_gate)
        {
            _subscribers.Add(subscriber);
            if (_ended)
            {
                subscriber.Queue.Writer.TryComplete();
            }
        }

        return subscriber;
    }

    private void Unsubscribe(Subscriber subscriber)
    {
        lock (_gate)
        {
            _subscribers.Remove(subscriber);
        }

        subscriber.Gone.TrySetResult();
    }

    private void Queue(Message message)
    {
        lock (_gate)
        {
            _subscribers.ForEach(subscriber => subscriber.Queue.Writer.TryWrite(message));
        }
    }

    private readonly record struct Message(ReadOnlyMemory<byte> Bytes, bool IsTorn);

    private sealed class Subscriber
    {
        public Channel<Message> Queue { get; } = Channel.CreateUnbounded<Message>(new UnboundedChannelOptions { SingleReader = true });

        public TaskCompletionSource Gone { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

using System.Buffers;
using System.Threading.Channels;
using Orchard.Protocol;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Sockets;

namespace Orchard.Testing.Wire;

/// <summary>
/// The PUB side of the scripted engine. Unlike the real one, it can crash at a defined point: after all queued messages have been sent,
/// between two messages or in the middle of one. Thread-safe.
/// </summary>
internal sealed class FakePublisher : ISpServer
{
    private readonly Lock _gate = new();
    private readonly List<Subscriber> _subscribers = []; // guarded by _gate
    private bool _ended; // guarded by _gate

    public SpProtocol Protocol => SpProtocol.Pub;

    /// <summary>Queues a message for all subscribers.</summary>
    public void Publish(ReadOnlyMemory<byte> message) => Queue(new Message(message, IsCutShort: false));

    /// <summary>Closes all connections after the queued messages, optionally in the middle of one more, and waits for that.</summary>
    public Task EndAsync(bool midMessage)
    {
        if (midMessage)
        {
            Queue(new Message("__PIE_EVENT__:torn"u8.ToArray(), IsCutShort: true));
        }

        lock (_gate)
        {
            _ended = true;
            _subscribers.ForEach(static subscriber => subscriber.Queue.Writer.TryComplete());
            return Task.WhenAll(_subscribers.Select(static subscriber => subscriber.Gone.Task));
        }
    }

    /// <summary>Closes the connections that are open now after the queued messages. New ones are accepted.</summary>
    public void Drop()
    {
        lock (_gate)
        {
            _subscribers.ForEach(static subscriber => subscriber.Queue.Writer.TryComplete());
        }
    }

    public async Task<ConnectionEnd> ServeAsync(Stream stream, CancellationToken cancellationToken)
    {
        // Before the header is sent, so that a peer that has received it misses no message.
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
                if (message.IsCutShort)
                {
                    await connection.SendBytesAsync(FirstHalf(message.Bytes)).ConfigureAwait(false);
                }
                else
                {
                    var body = new ReadOnlySequence<byte>(message.Bytes);
                    await connection.SendAsync(default, body, CancellationToken.None).ConfigureAwait(false);
                }
            }

            connection.Close(new ConnectionEnd(ConnectionEndReason.Disposed));
        }
        catch (Exception e) when (e is OperationCanceledException or ConnectionClosedException)
        {
            // The client has disconnected.
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
        subscriber.Queue.Writer.TryWrite(new Message(Topic.ForAssignment(ResponseChannel.Assign()), IsCutShort: false));
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

    private readonly record struct Message(ReadOnlyMemory<byte> Bytes, bool IsCutShort);

    private sealed class Subscriber
    {
        public Channel<Message> Queue { get; } = Channel.CreateUnbounded<Message>(new UnboundedChannelOptions { SingleReader = true });

        public TaskCompletionSource Gone { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

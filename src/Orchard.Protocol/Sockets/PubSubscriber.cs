using System.Buffers;
using System.IO.Pipelines;

namespace Orchard.Protocol.Sockets;

/// <summary>One connected subscriber of a <see cref="PubSocket"/> and its queue of outgoing frames.</summary>
internal sealed class PubSubscriber(SpConnection connection, SpOptions options)
{
    private const int SegmentBytes = 64 * 1024;

    // Bytes count as queued until their round has been written, so a long queue is sent in several rounds.
    private const int MaxRoundBytes = 1024 * 1024;

    // A subscriber that reads has much less queued, except for a moment after a long message.
    private const int BehindBytes = 256 * 1024;

    // Never pauses its writer, because exceeding the limit ends the connection instead. The writer is used under _lock, the reader by the
    // thread that has set _isSending.
    private readonly Pipe _queue = new(new PipeOptions(
        pauseWriterThreshold: 0, resumeWriterThreshold: 0, minimumSegmentSize: SegmentBytes, useSynchronizationContext: false));

    private readonly Lock _lock = new();
    private long _queuedBytes; // guarded by _lock
    private bool _isOpen; // guarded by _lock
    private bool _completed; // guarded by _lock
    private bool _isSending; // guarded by _lock
    private TaskCompletionSource? _idle; // guarded by _lock
    private volatile bool _isDedicated;
    private volatile bool _hasExceededLimit;

    /// <summary>The subscriber's process.</summary>
    public PeerProcess Peer => connection.Peer;

    /// <summary>A name that the observer of the socket gives to the subscriber.</summary>
    public ulong Id { get; set; }

    /// <summary>Whether the subscriber receives only what is addressed to it, and messages for everybody.</summary>
    public bool IsDedicated
    {
        get => _isDedicated;
        set => _isDedicated = value;
    }

    /// <summary>Whether the subscriber is being disconnected, because it left more unread than the limit allows.</summary>
    public bool HasExceededLimit => _hasExceededLimit;

    /// <summary>Whether so much is queued that the subscriber does not keep up.</summary>
    public bool IsBehind
    {
        get
        {
            lock (_lock)
            {
                return _queuedBytes > BehindBytes;
            }
        }
    }

    /// <summary>Appends one message to the queue, or disconnects the subscriber if the queue would exceed the limit.</summary>
    /// <exception cref="ArgumentException">The message is longer than <see cref="SpOptions.MaxMessageBytes"/>.</exception>
    public void Queue(ReadOnlySpan<byte> message)
    {
        SpConnection.ThrowIfTooLong(message.Length, options);
        Span<byte> header = stackalloc byte[SpFrame.HeaderLength];
        SpFrame.WriteHeader(header, message.Length);
        long queued = TryEnqueue(header, message);
        if (queued > options.MaxQueuedBytes)
        {
            _hasExceededLimit = true; // before the peer can notice anything
            connection.Close(new ConnectionEnd(ConnectionEndReason.TooSlow, new IOException(
                $"The subscriber reads too slowly: {queued} bytes are queued for it; the limit is {options.MaxQueuedBytes}.")));
        }
    }

    /// <summary>Allows sending and sends what is queued.</summary>
    public void Open()
    {
        lock (_lock)
        {
            _isOpen = true;
        }

        Flush();
    }

    /// <summary>
    /// Sends what is queued. Writes on the calling thread as long as the kernel accepts the bytes immediately. If another thread is
    /// sending, that thread sends these bytes too. Never throws and does not wait.
    /// </summary>
    public void Flush()
    {
        lock (_lock)
        {
            if (!_isOpen || _completed || _queuedBytes == 0 || _isSending)
            {
                return;
            }

            _isSending = true;
        }

        _ = SendQueuedAsync();
    }

    /// <summary>Completes when no thread is sending. Call after the connection has ended.</summary>
    public Task WaitForSenderAsync()
    {
        lock (_lock)
        {
            if (!_isSending)
            {
                return Task.CompletedTask;
            }

            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task;
        }
    }

    /// <summary>Releases the queue's memory. Call once, when no thread is sending.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _completed = true;
            _queue.Writer.Complete();
            _queue.Reader.Complete();
        }
    }

    // Sends in rounds until the queue is empty or the connection has ended. Never throws.
    private async Task SendQueuedAsync()
    {
        try
        {
            while (TryTake(out ReadOnlySequence<byte> round))
            {
                await connection.SendBytesAsync(round).ConfigureAwait(false);
                Sent(round);
            }
        }
        catch (ConnectionClosedException)
        {
            // The connection has recorded the reason. The rest of the queue is never sent.
            lock (_lock)
            {
                _isOpen = false;
                StopSending();
            }
        }
    }

    // Clearing _isSending under the lock guarantees that a concurrent Enqueue is either taken here or followed by a Flush that sends it.
    private bool TryTake(out ReadOnlySequence<byte> round)
    {
        lock (_lock)
        {
            if (_queuedBytes == 0 || !_queue.Reader.TryRead(out ReadResult result))
            {
                round = default;
                StopSending();
                return false;
            }

            round = result.Buffer.Slice(0, Math.Min(result.Buffer.Length, MaxRoundBytes));
            return true;
        }
    }

    // Requires _lock. The waiter continues asynchronously.
    private void StopSending()
    {
        _isSending = false;
        _idle?.TrySetResult();
    }

    private void Sent(ReadOnlySequence<byte> round)
    {
        lock (_lock)
        {
            _queuedBytes -= round.Length;
            _queue.Reader.AdvanceTo(round.End);
        }
    }

    // Returns the length of the queue including this frame. Above the limit nothing is copied.
    private long TryEnqueue(ReadOnlySpan<byte> header, ReadOnlySpan<byte> message)
    {
        lock (_lock)
        {
            if (_completed || connection.Closing.IsCancellationRequested)
            {
                return 0;
            }

            long queued = _queuedBytes + header.Length + message.Length;
            if (queued <= options.MaxQueuedBytes)
            {
                _queuedBytes = queued;
                _queue.Writer.Write(header);
                _queue.Writer.Write(message);
                MakeVisible(_queue.Writer);
            }

            return queued;
        }
    }

    private static void MakeVisible(PipeWriter writer)
    {
        // Without a pause threshold a flush completes synchronously.
        ValueTask<FlushResult> flush = writer.FlushAsync(CancellationToken.None);
        System.Diagnostics.Debug.Assert(flush.IsCompletedSuccessfully, "A pipe without a pause threshold paused its writer.");
        _ = flush.GetAwaiter().GetResult();
    }
}

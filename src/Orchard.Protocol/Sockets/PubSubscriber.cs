using System.Buffers;
using System.IO.Pipelines;

namespace Orchard.Protocol.Sockets;

/// <summary>One connected subscriber of a <see cref="PubSocket"/> and the frames that wait for it.</summary>
internal sealed class PubSubscriber(SpConnection connection, long maxQueuedBytes)
{
    private const int SegmentBytes = 64 * 1024;

    // A round of sending counts as waiting until it is written, so a long queue is sent in rounds.
    private const int MaxRoundBytes = 1024 * 1024;

    // The queue: never pauses its writer, since the limit below ends the connection instead. Both its ends are driven from outside
    // its lock: enqueueing under ours, sending by whoever has claimed it.
    private readonly Pipe _queue = new(new PipeOptions(
        pauseWriterThreshold: 0, resumeWriterThreshold: 0, minimumSegmentSize: SegmentBytes, useSynchronizationContext: false));

    private readonly Lock _lock = new();
    private long _queuedBytes; // guarded by _lock
    private bool _isOpen; // guarded by _lock
    private bool _completed; // guarded by _lock
    private bool _isSending; // guarded by _lock
    private TaskCompletionSource? _idle; // guarded by _lock

    /// <summary>Copies one frame behind those that wait, or disconnects the subscriber when they would be too many bytes.</summary>
    public void Enqueue(ReadOnlySpan<byte> header, ReadOnlySpan<byte> message)
    {
        long queued = TryEnqueue(header, message);
        if (queued > maxQueuedBytes)
        {
            connection.Close(new ConnectionEnd(ConnectionEndReason.Violated, new IOException(
                $"The subscriber reads too slowly: {queued} bytes wait for it, the limit is {maxQueuedBytes}.")));
        }
    }

    /// <summary>From now on what is queued may be sent.</summary>
    public void Open()
    {
        lock (_lock)
        {
            _isOpen = true;
        }

        Flush();
    }

    /// <summary>
    /// Sends what is queued, on this thread as far as the kernel takes it at once: a thread of its own might wait for a core that
    /// computes. Who comes while others send leaves it to them. Never throws, and does not wait.
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

    /// <summary>Completes when nobody sends any more. To be called when the connection is over.</summary>
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

    /// <summary>Gives the queue's memory back. Call once, when nobody sends any more.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _completed = true;
            _queue.Writer.Complete();
            _queue.Reader.Complete();
        }
    }

    // Sends, as much as there is each time, until there is nothing left or the connection is over. Never throws.
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
            // It says why itself. What it did not take stays where it is, and nobody is to try again.
            lock (_lock)
            {
                _isOpen = false;
                StopSending();
            }
        }
    }

    // Under the lock, so that what is queued now is either taken here or finds that nobody sends.
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

    // Under the lock; who waits goes on elsewhere.
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

    // Returns how many bytes wait, or would wait: above the limit nothing is copied.
    private long TryEnqueue(ReadOnlySpan<byte> header, ReadOnlySpan<byte> message)
    {
        lock (_lock)
        {
            if (_completed || connection.Closing.IsCancellationRequested)
            {
                return 0;
            }

            long queued = _queuedBytes + header.Length + message.Length;
            if (queued <= maxQueuedBytes)
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
        // Without a pause threshold a flush completes at once, and nobody waits at the other end.
        ValueTask<FlushResult> flush = writer.FlushAsync(CancellationToken.None);
        System.Diagnostics.Debug.Assert(flush.IsCompletedSuccessfully, "A pipe that never pauses made its writer wait.");
        _ = flush.GetAwaiter().GetResult();
    }
}

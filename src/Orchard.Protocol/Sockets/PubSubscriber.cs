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
    // its lock: enqueueing under ours, sending by one task.
    private readonly Pipe _queue = new(new PipeOptions(
        pauseWriterThreshold: 0, resumeWriterThreshold: 0, minimumSegmentSize: SegmentBytes, useSynchronizationContext: false));

    private readonly Lock _lock = new();
    private long _queuedBytes;
    private bool _completed;

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

    /// <summary>Writes what is queued, as much as there is each time, until the connection ends. Never throws.</summary>
    public async Task SendQueuedAsync()
    {
        try
        {
            while (true)
            {
                ReadResult result = await _queue.Reader.ReadAsync(connection.Closing).ConfigureAwait(false);
                ReadOnlySequence<byte> round = result.Buffer.Slice(0, Math.Min(result.Buffer.Length, MaxRoundBytes));
                await connection.SendBytesAsync(round).ConfigureAwait(false);
                Interlocked.Add(ref _queuedBytes, -round.Length);
                _queue.Reader.AdvanceTo(round.End);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ConnectionClosedException)
        {
            // The connection is over and says why itself.
        }
    }

    /// <summary>Gives the queue's memory back. Call once, after the sending task has ended.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _completed = true;
            _queue.Writer.Complete();
            _queue.Reader.Complete();
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

            long queued = Volatile.Read(ref _queuedBytes) + header.Length + message.Length;
            if (queued <= maxQueuedBytes)
            {
                Interlocked.Add(ref _queuedBytes, header.Length + message.Length);
                _queue.Writer.Write(header);
                _queue.Writer.Write(message);
                Flush(_queue.Writer);
            }

            return queued;
        }
    }

    private static void Flush(PipeWriter writer)
    {
        // Without a pause threshold a flush completes at once; it wakes the sending task on the thread pool.
        ValueTask<FlushResult> flush = writer.FlushAsync(CancellationToken.None);
        System.Diagnostics.Debug.Assert(flush.IsCompletedSuccessfully, "A pipe that never pauses made its writer wait.");
        _ = flush.GetAwaiter().GetResult();
    }
}

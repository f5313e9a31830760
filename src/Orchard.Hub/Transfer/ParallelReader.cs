using Orchard.Hub.Settings;

namespace Orchard.Hub.Transfer;

/// <summary>
/// Reads a range in chunks over several connections. The chunks are passed on in order, so that a file written from them never has gaps.
/// </summary>
internal sealed class ParallelReader(RangeReader reader, HubSettings settings)
{
    /// <inheritdoc cref="RangeReader.ReadAsync"/>
    public async Task ReadAsync(
        long offset, long end, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink, CancellationToken cancellationToken)
    {
        using var abort = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var buffers = new Stack<byte[]>();
        var running = new Queue<Task<Chunk>>();
        long next = offset;
        try
        {
            while (next < end || running.Count > 0)
            {
                while (next < end && running.Count < settings.Connections)
                {
                    int length = (int)Math.Min(settings.ChunkBytes, end - next);
                    byte[] buffer = buffers.TryPop(out byte[]? free) ? free : new byte[settings.ChunkBytes];
                    running.Enqueue(ReadChunkAsync(next, length, buffer, abort.Token));
                    next += length;
                }

                Chunk chunk = await running.Peek().ConfigureAwait(false);
                _ = running.Dequeue();
                await sink(chunk.Buffer.AsMemory(0, chunk.Length), cancellationToken).ConfigureAwait(false);
                buffers.Push(chunk.Buffer);
            }
        }
        finally
        {
            await abort.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll(running)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<Chunk> ReadChunkAsync(long offset, int length, byte[] buffer, CancellationToken cancellationToken)
    {
        int written = 0;
        await reader.ReadAsync(
            offset,
            offset + length,
            (bytes, _) =>
            {
                bytes.CopyTo(buffer.AsMemory(written));
                written += bytes.Length;
                return ValueTask.CompletedTask;
            },
            cancellationToken).ConfigureAwait(false);
        return new Chunk(buffer, length);
    }

    private readonly record struct Chunk(byte[] Buffer, int Length);
}

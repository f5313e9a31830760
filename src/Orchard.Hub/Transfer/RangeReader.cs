using System.Buffers;
using Orchard.Hub.Errors;
using Orchard.Hub.Files;
using Orchard.Hub.Settings;
using Polly.Timeout;

namespace Orchard.Hub.Transfer;

/// <summary>Reads a range of a file, and goes on where the connection broke. Thread-safe.</summary>
internal sealed class RangeReader(FileSource source, HubSettings settings, HubFile file)
{
    private const int BufferBytes = 128 << 10;
    private const int MaxFailures = 5;

    // Less than this within the time limit is a stall.
    private const int MinBytesPerWait = 1024;

    // An attempt that brings this much, or a hundredth of a smaller file, is no failure: large files survive any number of interruptions.
    private const int ProgressBytes = 1 << 20;

    /// <summary>Passes the bytes from an offset to an end to <paramref name="sink"/>, in order and each of them once.</summary>
    /// <exception cref="StartOverException">The server has another file, or does not support ranges.</exception>
    /// <exception cref="HubException">The hub refuses access, or further attempts are pointless.</exception>
    public async Task ReadAsync(
        long offset, long end, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink, CancellationToken cancellationToken)
    {
        int failures = 0;
        while (offset < end)
        {
            long start = offset;
            try
            {
                await ReadOnceAsync(offset, end, sink, read => offset += read, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (IsTransient(e) && !cancellationToken.IsCancellationRequested)
            {
                failures = offset - start >= Math.Min(ProgressBytes, file.Size / 100 + 1) ? 1 : failures + 1;
                if (failures >= MaxFailures)
                {
                    throw new HubException(
                        HubErrorKind.Download,
                        $"The transfer of '{file.Path}' broke off {failures} times in a row: {e.Message} "
                        + "Call again to continue it.",
                        e);
                }

                await Task.Delay(settings.RetryDelay * (1 << (failures - 1)), settings.Time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task ReadOnceAsync(
        long offset,
        long end,
        Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink,
        Action<int> onRead,
        CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await source.OpenAsync(offset, end, cancellationToken).ConfigureAwait(false);
        using var stall = new CancellationTokenSource(settings.StallTimeout, settings.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stall.Token);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            Stream body = await response.Content.ReadAsStreamAsync(linked.Token).ConfigureAwait(false);
            int sinceReset = 0;
            while (offset < end)
            {
                int count = (int)Math.Min(buffer.Length, end - offset);
                int read = await body.ReadAsync(buffer.AsMemory(0, count), linked.Token).ConfigureAwait(false);
                if (read == 0)
                {
                    throw new EndOfStreamException($"The response ended {end - offset} bytes too early.");
                }

                await sink(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                offset += read;
                onRead(read);
                sinceReset += read;
                if (sinceReset >= MinBytesPerWait)
                {
                    sinceReset = 0;
                    stall.CancelAfter(settings.StallTimeout);
                }
            }

            if (end == file.Size
                && response.Content.Headers.ContentLength is null
                && await body.ReadAsync(buffer.AsMemory(0, 1), linked.Token).ConfigureAwait(false) > 0)
            {
                throw new StartOverException($"The server has a longer file than the {file.Size} bytes announced.");
            }
        }
        catch (OperationCanceledException) when (stall.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Nothing arrived for {settings.StallTimeout.TotalSeconds:0.#} s.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool IsTransient(Exception error) =>
        error is IOException or HttpRequestException or TimeoutException or TimeoutRejectedException;
}

using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Orchard.Server.Models;

/// <summary>Streams the progress of downloads and loads.</summary>
internal static class ModelProgress
{
    /// <summary>Returns the reports of an operation as they come. A slow reader misses old ones.</summary>
    /// <param name="start">Starts the operation, which the token ends.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <exception cref="OrchardException">The operation failed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <remarks>The operation has ended when the enumerator is disposed, at its end or before.</remarks>
    public static async IAsyncEnumerable<ModelLoadProgress> StreamAsync(
        Func<IProgress<ModelLoadProgress>, CancellationToken, Task> start, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reports = Channel.CreateBounded<ModelLoadProgress>(
            new BoundedChannelOptions(16) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task operation = RunAsync(start, reports.Writer, stop.Token);
        try
        {
            await foreach (ModelLoadProgress report in reports.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                yield return report;
            }

            await operation.ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false); // the reader may leave before the end
            await operation.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task RunAsync(
        Func<IProgress<ModelLoadProgress>, CancellationToken, Task> start,
        ChannelWriter<ModelLoadProgress> reports,
        CancellationToken cancellationToken)
    {
        try
        {
            await start(new Reports(reports), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            reports.TryComplete();
        }
    }

    private sealed class Reports(ChannelWriter<ModelLoadProgress> writer) : IProgress<ModelLoadProgress>
    {
        public void Report(ModelLoadProgress value) => writer.TryWrite(value);
    }
}

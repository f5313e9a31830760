using Orchard.Hub.Errors;
using Orchard.Hub.Files;
using Orchard.Hub.Settings;

namespace Orchard.Hub.Transfer;

/// <summary>Transfers one file into its part file and verifies it. The caller holds the lock of the blob.</summary>
/// <param name="source">The file on the hub.</param>
/// <param name="file">Its size and digest.</param>
/// <param name="settings">The settings.</param>
/// <param name="checkStart">Throws for a file that should not be transferred, given its first bytes; null to transfer any.</param>
internal sealed class BlobTransfer(FileSource source, HubFile file, HubSettings settings, Action<ReadOnlyMemory<byte>>? checkStart)
{
    // A file whose content was wrong from start to end is transferred once more only.
    private const int Restarts = 3;
    private const int RestartsForContent = 2;

    private const int CheckedBytes = 1 << 20;

    private readonly RangeReader _reader = new(source, settings, file);
    private bool _isChecked = checkStart is null;
    private bool _rangesFail;
    private bool _isContinued;

    /// <summary>Completes the part file.</summary>
    /// <exception cref="HubException">
    /// The transfer failed. What has arrived stays in the part file, unless it is known to be wrong.
    /// </exception>
    public async Task RunAsync(PartFile part, TransferMeter meter, CancellationToken cancellationToken)
    {
        try
        {
            await part.ContinueAsync(read => meter.Report(HubPhase.Verifying, read), cancellationToken).ConfigureAwait(false);
            _isContinued = part.Length > 0;
            for (int restarts = Restarts; ;)
            {
                string problem;
                try
                {
                    await CheckStartAsync(part, cancellationToken).ConfigureAwait(false);
                    await TransferAsync(part, meter, cancellationToken).ConfigureAwait(false);
                    meter.Report(HubPhase.Verifying, part.Length);
                    if (part.Verify())
                    {
                        part.Flush();
                        return;
                    }

                    problem = "The content does not have the digest that the hub announces.";
                    restarts -= RestartsForContent;
                }
                catch (StartOverException e)
                {
                    problem = e.Message;
                    _rangesFail |= e.RangesFail;
                    restarts--;
                }

                part.Restart();
                _isContinued = false;
                source.Reset();
                _isChecked = checkStart is null;
                if (restarts <= 0)
                {
                    throw new HubException(
                        HubErrorKind.Download, $"'{file.Path}' could not be downloaded, although it was tried again: {problem} Try later.");
                }
            }
        }
        catch (HubException e) when (e is { Kind: HubErrorKind.Download, TotalBytes: null })
        {
            throw new HubException(
                e.Kind, $"{e.Message} {ByteSize.Format(part.Length)} of {ByteSize.Format(file.Size)} are stored.", e.InnerException)
            {
                ReceivedBytes = part.Length,
                TotalBytes = file.Size,
            };
        }
    }

    private async Task TransferAsync(PartFile part, TransferMeter meter, CancellationToken cancellationToken)
    {
        if (part.IsComplete)
        {
            return;
        }

        meter.Report(HubPhase.Downloading, part.Length);
        async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
        {
            await part.AppendAsync(bytes, cancellation).ConfigureAwait(false);
            await CheckStartAsync(part, cancellation).ConfigureAwait(false);
            meter.Report(HubPhase.Downloading, part.Length);
        }

        if (!_rangesFail && file.Size - part.Length > settings.ParallelBytes)
        {
            var chunks = new ParallelReader(_reader, settings);
            await chunks.ReadAsync(part.Length, file.Size, AppendAsync, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await _reader.ReadAsync(part.Length, file.Size, AppendAsync, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task CheckStartAsync(PartFile part, CancellationToken cancellationToken)
    {
        if (!_isChecked && part.Length > 0 && part.Length >= Math.Min(CheckedBytes, file.Size))
        {
            _isChecked = true;
            byte[] start = await part.ReadStartAsync(CheckedBytes, cancellationToken).ConfigureAwait(false);
            try
            {
                checkStart!(start);
            }
            catch (HubException e) when (_isContinued)
            {
                throw new StartOverException(e.Message); // what an earlier transfer left behind may be damaged
            }
        }
    }
}

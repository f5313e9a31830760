using Orchard.Hub.Errors;
using Orchard.Hub.Files;
using Orchard.Hub.Settings;

namespace Orchard.Hub.Transfer;

/// <summary>
/// The file that a transfer appends to. Its length is how far the transfer got, also after a crash; whether its content is right is known
/// when it is complete. Not thread-safe.
/// </summary>
internal sealed class PartFile : IAsyncDisposable
{
    private readonly string _path;
    private readonly HubFile _file;
    private readonly HubSettings _settings;
    private readonly FileStream _stream;
    private readonly ContentHash _hash;

    public PartFile(string path, HubFile file, HubSettings settings)
    {
        _path = path;
        _file = file;
        _settings = settings;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _stream = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete, // others read its length; the lock keeps them from writing
            BufferSize = 0,
            Options = FileOptions.Asynchronous,
        });
        _hash = new ContentHash(file);
    }

    /// <summary>Number of bytes that are there.</summary>
    public long Length { get; private set; }

    public bool IsComplete => Length == _file.Size;

    public async ValueTask DisposeAsync()
    {
        _hash.Dispose();
        await _stream.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Takes over the bytes of an earlier transfer.</summary>
    public async Task ContinueAsync(Action<long> onRead, CancellationToken cancellationToken)
    {
        if (_stream.Length > _file.Size)
        {
            Restart();
        }
        else
        {
            await _hash.AppendAsync(_stream, onRead, cancellationToken).ConfigureAwait(false);
            Length = _stream.Position;
        }

        if (_settings.FreeBytes(Path.GetDirectoryName(_path)!) is { } free && free < _file.Size - Length)
        {
            string missing = ByteSize.Format(_file.Size - Length);
            throw Failed($"The disk of '{_path}' has {ByteSize.Format(free)} free, and {missing} are missing.", null);
        }
    }

    /// <summary>Appends received bytes.</summary>
    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await _stream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed($"Writing '{_path}' failed: {e.Message}", e);
        }

        _hash.Append(bytes.Span);
        Length += bytes.Length;
    }

    /// <summary>Discards everything received.</summary>
    public void Restart()
    {
        _stream.SetLength(0);
        _stream.Position = 0;
        _hash.Reset();
        Length = 0;
    }

    /// <summary>Returns the first bytes.</summary>
    public async Task<byte[]> ReadStartAsync(int count, CancellationToken cancellationToken)
    {
        byte[] start = new byte[Math.Min(count, Length)];
        _stream.Position = 0;
        await _stream.ReadExactlyAsync(start, cancellationToken).ConfigureAwait(false);
        _stream.Position = Length;
        return start;
    }

    /// <summary>Whether the complete file has the right content. To be asked once.</summary>
    public bool Verify() => IsComplete && _hash.IsMatch();

    /// <summary>Writes the content through to the disk.</summary>
    public void Flush()
    {
        try
        {
            _stream.Flush(flushToDisk: true);
        }
        catch (IOException e)
        {
            throw Failed($"Writing '{_path}' failed: {e.Message}", e);
        }
    }

    private HubException Failed(string message, Exception? inner) =>
        new(HubErrorKind.Download, message + " Make room, then call again to continue.", inner)
        {
            ReceivedBytes = Length,
            TotalBytes = _file.Size,
        };
}

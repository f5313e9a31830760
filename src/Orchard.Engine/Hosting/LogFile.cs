using Orchard.Protocol.Files;

namespace Orchard.Engine.Hosting;

/// <summary>
/// The log file of an engine. The previous one is kept as <c>PATH.1</c>, also when the file has reached its size limit. Not thread-safe.
/// </summary>
/// <remarks>Only the holder of the instance lock may open it, because that renames the file of the engine before.</remarks>
internal sealed class LogFile : IDisposable
{
    /// <summary>Default limit in bytes: 8 MB, so that both files together take up to 16 MB.</summary>
    public const long DefaultMaxBytes = 8 << 20;

    private static readonly byte[] RolledOver =
        "The log file reached its size limit; earlier lines are in the file with the suffix .1.\n"u8.ToArray();

    private readonly string _path;
    private readonly Func<FileStream, Stream> _attach;
    private readonly long _maxBytes;
    private Stream _output;
    private long _bytes;

    private LogFile(string path, Func<FileStream, Stream> attach, long maxBytes)
    {
        _path = path;
        _attach = attach;
        _maxBytes = maxBytes;
        _output = Next();
    }

    /// <summary>Renames an existing file that is not empty, and creates a new one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="attach">Called with each new file; returns the stream to write to. It owns the file.</param>
    /// <param name="maxBytes">The size limit.</param>
    /// <exception cref="IOException">A file cannot be renamed or created.</exception>
    /// <exception cref="UnauthorizedAccessException">The user has no write access, or the path is a folder.</exception>
    public static LogFile Open(string path, Func<FileStream, Stream> attach, long maxBytes = DefaultMaxBytes)
    {
        try
        {
            return new LogFile(path, attach, maxBytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The log '{path}' cannot be written: {e.Message}", e);
        }
    }

    /// <exception cref="IOException">The bytes could not be written. A later write may succeed.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        _output.Write(bytes);
        _bytes += bytes.Length;
        if (_bytes >= _maxBytes)
        {
            RollOver();
        }
    }

    public void Dispose() => _output.Dispose();

    private void RollOver()
    {
        _bytes = 0; // also after a failure: the next attempt is made after as many bytes
        try
        {
            Stream full = _output;
            _output = Next();
            full.Dispose();
            _output.Write(RolledOver);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The folder was removed or is not writable any more, or there is no space.
        }
    }

    private Stream Next()
    {
        if (new FileInfo(_path) is { Exists: true, Length: > 0 })
        {
            File.Move(_path, _path + ".1", overwrite: true);
        }

        return _attach(PrivateFile.Open(_path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete));
    }
}

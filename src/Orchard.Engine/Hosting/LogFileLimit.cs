namespace Orchard.Engine.Hosting;

/// <summary>
/// Bounds the file to which our standard error is appended: when it grows past the limit, what is in it moves to <c>PATH.1</c>, and it
/// starts again empty. Not thread-safe.
/// </summary>
/// <remarks>Emptied in place, since we hold it open for appending: a renamed file would go on growing.</remarks>
internal sealed class LogFileLimit
{
    /// <summary>8 MB, and as much again in the file beside it.</summary>
    public const long DefaultMaxBytes = 8 << 20;

    private readonly string _path;
    private readonly long _maxBytes;
    private long _bytes;

    public LogFileLimit(string path, long maxBytes = DefaultMaxBytes)
    {
        _path = path;
        _maxBytes = maxBytes;
        _bytes = new FileInfo(path) is { Exists: true } file ? file.Length : 0;
    }

    /// <summary>Takes note of bytes that were appended. True when the file was emptied, so that the log can say so.</summary>
    public bool Appended(int bytes)
    {
        _bytes += bytes;
        if (_bytes < _maxBytes)
        {
            return false;
        }

        _bytes = 0;
        try
        {
            File.Copy(_path, _path + ".1", overwrite: true);
            using var file = new FileStream(_path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            file.SetLength(0);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody removed the file or the folder; tried again after as many bytes.
            return false;
        }
    }
}

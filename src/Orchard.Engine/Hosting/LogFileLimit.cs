namespace Orchard.Engine.Hosting;

/// <summary>
/// Limits the size of the file that standard error is appended to. When it exceeds the limit, its content is copied to <c>PATH.1</c> and it
/// is truncated. Not thread-safe.
/// </summary>
/// <remarks>
/// The file is truncated rather than renamed, because the process keeps it open and would continue to write to the renamed file.
/// </remarks>
internal sealed class LogFileLimit
{
    /// <summary>Default limit in bytes: 8 MB, so that both files together take up to 16 MB.</summary>
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

    /// <summary>Records that bytes were appended. Returns whether the file was truncated.</summary>
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
            // The file or folder was removed. The next attempt is made after as many bytes.
            return false;
        }
    }
}

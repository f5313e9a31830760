namespace Orchard.Protocol.Files;

/// <summary>Files that only this user can read. On Windows, the access control list of their folder decides who can.</summary>
internal static class PrivateFile
{
    /// <summary>Mode of the files: 0600.</summary>
    public const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Opens a file without a buffer. A file that exists keeps its mode; a new one is never there with another one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mode">Whether it is created.</param>
    /// <param name="access">What it is opened for.</param>
    /// <param name="share">What others may open it for meanwhile.</param>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not open it, or the path is a folder.</exception>
    public static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = Mode;
        }

        return new FileStream(path, options);
    }
}

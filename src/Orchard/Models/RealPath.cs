namespace Orchard.Models;

/// <summary>Resolves all symbolic links in paths, so that each file has one name.</summary>
internal static class RealPath
{
    // Linux gives up on a chain of links at the same depth.
    private const int MaxLinks = 40;

    /// <summary>Returns the real path of an existing file; <paramref name="path"/> itself if its links cannot be resolved.</summary>
    public static string Of(string path)
    {
        string full = Path.GetFullPath(path);
        for (int links = 0; links < MaxLinks; links++)
        {
            if (FollowFirstLink(full) is not { } next)
            {
                return full;
            }

            full = next;
        }

        return full;
    }

    /// <summary>
    /// Returns the path under which to open an existing file: its folder with links resolved, and its own name even if that is a link. The
    /// other parts of a split model are beside it under their names.
    /// </summary>
    public static string ToOpen(string path)
    {
        string full = Path.GetFullPath(path);
        return Path.Combine(Of(Path.GetDirectoryName(full)!), Path.GetFileName(full));
    }

    // Null when no part of the path is a link. Every call of a client gets here, so it allocates one string per directory at most.
    private static string? FollowFirstLink(string full)
    {
        int start = Path.GetPathRoot(full.AsSpan()).Length;
        while (start < full.Length)
        {
            int length = full.AsSpan(start).IndexOf(Path.DirectorySeparatorChar);
            int end = length < 0 ? full.Length : start + length;
            if (LinkTargetOf(full[..end]) is { } target)
            {
                return Path.GetFullPath(Path.Combine(Path.GetDirectoryName(full[..end])!, target, full[Math.Min(end + 1, full.Length)..]));
            }

            start = end + 1;
        }

        return null;
    }

    // A file that cannot be read does not count as a link: opening it reports the error.
    private static string? LinkTargetOf(string path)
    {
        try
        {
            // Nearly no file is a link, and checking the attributes takes one system call.
            return (File.GetAttributes(path) & FileAttributes.ReparsePoint) == 0
                || File.ResolveLinkTarget(path, returnFinalTarget: false) is null ? null : new FileInfo(path).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

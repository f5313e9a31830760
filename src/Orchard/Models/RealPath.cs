namespace Orchard.Models;

/// <summary>Paths with every symbolic link followed, so that one file has one name.</summary>
internal static class RealPath
{
    // The depth at which Linux gives up on a chain of links as well.
    private const int MaxLinks = 40;

    /// <summary>The real path of an existing file; <paramref name="path"/> itself where links lead nowhere.</summary>
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

    // Null when no part of the path is a link. Every call of a client comes here: one string for each folder, and nothing else.
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

    // What cannot be read is no link: whoever opens the file says what is wrong with it.
    private static string? LinkTargetOf(string path)
    {
        try
        {
            // Nearly everything is no link, and one look at it says so.
            return (File.GetAttributes(path) & FileAttributes.ReparsePoint) == 0
                || File.ResolveLinkTarget(path, returnFinalTarget: false) is null ? null : new FileInfo(path).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

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

    // Null when no part of the path is a link.
    private static string? FollowFirstLink(string full)
    {
        string root = Path.GetPathRoot(full)!;
        string[] parts = full[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        string prefix = root;
        for (int i = 0; i < parts.Length; i++)
        {
            prefix = Path.Combine(prefix, parts[i]);
            if (new FileInfo(prefix).LinkTarget is { } target)
            {
                string rest = Path.Combine(parts[(i + 1)..]);
                return Path.GetFullPath(Path.Combine(Path.GetDirectoryName(prefix)!, target, rest));
            }
        }

        return null;
    }
}

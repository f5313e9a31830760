namespace Orchard.Protocol;

/// <summary>Paths as users write them in options and environment variables.</summary>
internal static class UserPath
{
    /// <summary>The home directory of the user; null if it does not exist, as for some users of services and containers.</summary>
    public static string? Home => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is var home
        && Path.IsPathFullyQualified(home) ? home : null;

    /// <summary>Returns the absolute path. A leading <c>~</c> is the user's home directory, also where no shell has expanded it.</summary>
    /// <exception cref="NoHomeDirectoryException">The path begins with <c>~</c>, and the user has no home directory.</exception>
    public static string GetFullPath(string path)
    {
        if (path == "~" || path is ['~', '/', ..] || path is ['~', var separator, ..] && separator == Path.DirectorySeparatorChar)
        {
            string home = Home ?? throw new NoHomeDirectoryException(
                $"The path '{path}' begins with the home directory, but this user has none. Specify an absolute path.");
            path = home + path[1..];
        }

        return Path.GetFullPath(path);
    }
}

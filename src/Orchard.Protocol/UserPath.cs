namespace Orchard.Protocol;

/// <summary>Paths as users write them in options and environment variables.</summary>
internal static class UserPath
{
    /// <summary>Returns the absolute path. A leading <c>~</c> is the user's home directory, also where no shell has expanded it.</summary>
    public static string GetFullPath(string path)
    {
        if (path == "~" || path is ['~', '/', ..] || path is ['~', var separator, ..] && separator == Path.DirectorySeparatorChar)
        {
            path = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + path[1..];
        }

        return Path.GetFullPath(path);
    }
}

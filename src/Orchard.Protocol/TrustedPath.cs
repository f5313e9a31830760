using Orchard.Protocol.Files;

namespace Orchard.Protocol;

/// <summary>
/// Refuses folders and sockets of a namespace that another user owns or can replace: whoever controls them reads every prompt. What exists
/// is never changed. On Windows, the access control list of the user's profile protects the default namespace, and nothing is checked.
/// </summary>
internal static class TrustedPath
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Creates the folder with mode 0700 if it is missing, and checks it.</summary>
    /// <exception cref="UntrustedPathException">The folder is not one of this user alone.</exception>
    /// <exception cref="IOException">The folder could not be created, or a file of the same name exists.</exception>
    /// <exception cref="UnauthorizedAccessException">The user has no write access.</exception>
    public static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        Directory.CreateDirectory(path, OwnerOnly);
        CheckDirectory(path);
    }

    /// <summary>Checks a folder. One that does not exist is accepted.</summary>
    /// <exception cref="UntrustedPathException">It is a link, belongs to another user, or others may write to it.</exception>
    public static void CheckDirectory(string path) => Check(path, "folder", $"chmod go-w '{path}'");

    /// <summary>Checks the file of a socket. One that does not exist is accepted.</summary>
    /// <exception cref="UntrustedPathException">It is a link or belongs to another user.</exception>
    public static void CheckSocket(string path) => Check(path, "socket", repair: null);

    private static void Check(string path, string kind, string? repair)
    {
        if (FileStat.OfLink(path) is not { } file)
        {
            return;
        }

        if (file.IsLink)
        {
            throw new UntrustedPathException($"The {kind} '{path}' is a symbolic link. Specify the path that it leads to.");
        }

        if (file.Owner != UnixFiles.UserId)
        {
            throw new UntrustedPathException(
                $"The {kind} '{path}' belongs to user {file.Owner}, but this process runs as user {UnixFiles.UserId}. "
                + "Its owner could read every prompt.");
        }

        if (repair is not null && (file.Permissions & OthersWrite) != 0)
        {
            throw new UntrustedPathException(
                $"The {kind} '{path}' has the mode {file.PermissionsText}, so other users may write to it and could read every prompt. "
                + $"Run: {repair}");
        }
    }
}

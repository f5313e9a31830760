namespace Orchard.Protocol;

/// <summary>Folders that only their owner can enter. Anyone who can open the sockets can read every response.</summary>
internal static class PrivateDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Creates the folder with mode 0700, or removes the access of group and others from an existing folder.</summary>
    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            // The default root is in the user's profile and inherits its ACL.
            Directory.CreateDirectory(path);
            return;
        }

        var created = Directory.CreateDirectory(path, OwnerOnly);
        if ((created.UnixFileMode & ~OwnerOnly) != 0)
        {
            created.UnixFileMode &= OwnerOnly;
        }
    }
}

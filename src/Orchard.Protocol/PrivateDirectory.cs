namespace Orchard.Protocol;

/// <summary>Folders that only their owner can enter: whoever can open the sockets can read every answer.</summary>
internal static class PrivateDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Creates the folder with mode 0700, or takes group and others out of the mode of an existing one.</summary>
    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            // Inherits the ACL of the user's profile, where the default root lives.
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

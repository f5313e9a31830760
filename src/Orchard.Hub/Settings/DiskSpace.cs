namespace Orchard.Hub.Settings;

/// <summary>Measures free disk space.</summary>
internal static class DiskSpace
{
    /// <summary>Returns the free bytes of the file system of a folder; null if unknown.</summary>
    public static long? Free(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}

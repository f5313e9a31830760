namespace Orchard.Cli.Doctor.Checks;

/// <summary>Finds out whether files can be written in a folder.</summary>
internal static class FolderProbe
{
    /// <summary>Writes a file and removes it. Returns why that failed; null if it did not.</summary>
    public static string? FindObstacle(string folder)
    {
        string path = Path.Combine(folder, $".orchard-doctor-{Guid.NewGuid():N}");
        try
        {
            using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            file.WriteByte(0);
            file.Flush();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }
}

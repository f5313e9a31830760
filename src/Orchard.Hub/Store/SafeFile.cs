using System.Globalization;

namespace Orchard.Hub.Store;

/// <summary>Writes small files so that readers see the old content or the new one, and nothing in between.</summary>
internal static class SafeFile
{
    /// <summary>Replaces the content of a file and creates its folder if necessary.</summary>
    public static void WriteAllText(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string temporary = TemporaryName(path);
        try
        {
            File.WriteAllText(temporary, content);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Returns a new name in the same folder.</summary>
    public static string TemporaryName(string path) =>
        string.Create(CultureInfo.InvariantCulture, $"{path}.{Environment.ProcessId:x}-{Guid.NewGuid():N}.tmp");

    /// <summary>Returns the text of a small file; null if it cannot be read.</summary>
    public static string? TryReadAllText(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

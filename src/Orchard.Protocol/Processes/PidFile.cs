using System.Globalization;
using System.Text;

namespace Orchard.Protocol.Processes;

/// <summary>Files that contain one process id and a newline.</summary>
internal static class PidFile
{
    // Longer than any process id, with room for white space.
    private const int MaxBytes = 64;

    /// <summary>Returns the process id, or null if the file is missing, unreadable or contains anything else.</summary>
    public static int? Read(string path) => TryReadText(path) is { } text && TryParse(text, out int pid) ? pid : null;

    /// <summary>Writes the file atomically and replaces an older one.</summary>
    /// <exception cref="IOException">The path exists and is not a pid file, or the folder is not writable.</exception>
    /// <exception cref="UnauthorizedAccessException">The user has no write access.</exception>
    public static void Write(string path, int pid)
    {
        if (IsForeign(path))
        {
            throw new IOException($"'{path}' exists but does not contain a process id. Move or delete it, then start the engine again.");
        }

        string temporary = string.Create(CultureInfo.InvariantCulture, $"{path}.{pid}");
        try
        {
            File.WriteAllText(temporary, string.Create(CultureInfo.InvariantCulture, $"{pid}\n"));
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            Delete(temporary);
            throw;
        }
    }

    /// <summary>Deletes the file if it still contains <paramref name="pid"/>. Ignores a file that is gone or cannot be deleted.</summary>
    public static void RemoveOwn(string path, int pid)
    {
        if (Read(path) == pid)
        {
            Delete(path);
        }
    }

    private static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A stale file is harmless: every reader checks whether the process exists.
        }
    }

    // After a crash or a power failure a pid file can be empty or full of NUL bytes, so such a file may be replaced.
    private static bool IsForeign(string path) =>
        Directory.Exists(path) || (File.Exists(path) && (TryReadText(path) is not { } text || (text.Length > 0 && !TryParse(text, out _))));

    private static bool TryParse(string text, out int pid) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out pid) && pid > 0;

    private static string? TryReadText(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            Span<byte> bytes = stackalloc byte[MaxBytes + 1];
            int count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return count > MaxBytes ? null : Encoding.ASCII.GetString(bytes[..count]).Trim(' ', '\t', '\r', '\n', '\0');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

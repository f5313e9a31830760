using System.Globalization;
using System.Text;

namespace Orchard.Protocol.Processes;

/// <summary>A file with one process id and a newline.</summary>
internal static class PidFile
{
    // More than any process id, with room for blanks.
    private const int MaxBytes = 64;

    /// <summary>The process id, or null when the file is missing, unreadable or holds anything else.</summary>
    public static int? Read(string path) => TryReadText(path) is { } text && TryParse(text, out int pid) ? pid : null;

    /// <summary>Writes it, whole or not at all, in place of an older one.</summary>
    /// <exception cref="IOException">Something that is no pid file is in the way, or the folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not write there.</exception>
    public static void Write(string path, int pid)
    {
        if (IsForeign(path))
        {
            throw new IOException($"'{path}' is in the way: it should hold a process id and holds something else. Move it away first.");
        }

        string temporary = string.Create(CultureInfo.InvariantCulture, $"{path}.{pid}");
        File.WriteAllText(temporary, string.Create(CultureInfo.InvariantCulture, $"{pid}\n"));
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Removes it if it still holds <paramref name="pid"/>. Never throws for a file that is gone or cannot be removed.</summary>
    public static void RemoveOwn(string path, int pid)
    {
        if (Read(path) != pid)
        {
            return;
        }

        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A file that stays is stale, and every reader checks the process behind it.
        }
    }

    // An empty file, or one of NUL bytes, is what a crash or a power failure leaves of a pid file.
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

using System.Text;

namespace Orchard.Connection.Processes;

/// <summary>The log file that an engine writes: rotation, and excerpts for error messages.</summary>
internal static class EngineLog
{
    private const int TailBytes = 4096;
    private const int TailLines = 10;

    /// <summary>Returns the last lines, indented, with a heading; empty when there is no log.</summary>
    public static string Tail(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            stream.Seek(-Math.Min(TailBytes, stream.Length), SeekOrigin.End);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            string[] lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return lines.Length == 0
                ? ""
                : $"{Environment.NewLine}Last lines of '{path}':{Environment.NewLine}  "
                    + string.Join($"{Environment.NewLine}  ", lines.TakeLast(TailLines));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>
    /// Creates an empty log for a new engine and keeps the previous one next to it, which may be the only evidence of a crash.
    /// </summary>
    /// <exception cref="EngineStartException">One of the two files cannot be written.</exception>
    public static void Prepare(string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > 0 })
            {
                File.Move(path, path + ".1", overwrite: true);
            }

            var options = new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.Write,
                Share = FileShare.ReadWrite | FileShare.Delete,
            };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            new FileStream(path, options).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineStartException(
                $"The engine's log '{path}' cannot be written: {e.Message} "
                + $"Check the permissions of '{path}' and '{path}.1', remove any directory of that name, and try again.",
                e);
        }
    }
}

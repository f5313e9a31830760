using System.Text;

namespace Orchard.Connection.Processes;

/// <summary>The log file an engine writes, as far as an error message wants it.</summary>
internal static class EngineLog
{
    private const int TailBytes = 4096;
    private const int TailLines = 10;

    /// <summary>The last lines, indented, with a heading; empty when there is no log.</summary>
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
                : $"{Environment.NewLine}Last lines of '{path}':{Environment.NewLine}  {string.Join($"{Environment.NewLine}  ", lines.TakeLast(TailLines))}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>
    /// Makes an empty log for a new engine, and keeps the previous one beside it: it may be the only evidence of a crash.
    /// </summary>
    /// <exception cref="EngineStartException">Something is in the way of one of the two files.</exception>
    public static void Prepare(string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > 0 })
            {
                File.Move(path, path + ".1", overwrite: true);
            }

            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            new FileStream(path, options).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineStartException(
                $"The engine's log '{path}' cannot be written: {e.Message} Move away what is in its place, or in that of '{path}.1', and try again.", e);
        }
    }
}

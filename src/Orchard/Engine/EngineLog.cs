using System.Text;

namespace Orchard.Engine;

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

    /// <summary>Keeps the previous engine's log beside the new one: it may be the only evidence of a crash.</summary>
    public static void Rotate(string path)
    {
        if (File.Exists(path))
        {
            File.Move(path, path + ".1", overwrite: true);
        }
    }
}

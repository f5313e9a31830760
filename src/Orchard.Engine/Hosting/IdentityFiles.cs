using System.Globalization;
using Orchard.Protocol;

namespace Orchard.Engine.Hosting;

/// <summary>The files that say which process serves a namespace: <c>engine.pid</c> and <c>engine.ready</c>, each a process id and a newline.</summary>
internal static class IdentityFiles
{
    /// <summary>Writes both, each whole or not at all.</summary>
    public static void Write(EngineRoot root, int pid)
    {
        WriteWhole(root.PidFile, pid);
        WriteWhole(root.ReadyFile, pid);
    }

    /// <summary>Removes those that hold <paramref name="pid"/>; a successor's are left alone. Never throws for files that are gone or locked.</summary>
    public static void RemoveOwn(EngineRoot root, int pid)
    {
        RemoveOwn(root.ReadyFile, pid);
        RemoveOwn(root.PidFile, pid);
    }

    /// <summary>The process id in a file, or null when the file is missing, unreadable or holds anything else.</summary>
    public static int? ReadPid(string path)
    {
        try
        {
            string text = File.ReadAllText(path).Trim();
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && pid > 0 ? pid : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static void WriteWhole(string path, int pid)
    {
        string temporary = string.Create(CultureInfo.InvariantCulture, $"{path}.{pid}");
        File.WriteAllText(temporary, string.Create(CultureInfo.InvariantCulture, $"{pid}\n"));
        File.Move(temporary, path, overwrite: true);
    }

    private static void RemoveOwn(string path, int pid)
    {
        if (ReadPid(path) != pid)
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
}

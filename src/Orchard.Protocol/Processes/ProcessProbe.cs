using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Orchard.Protocol.Processes;

/// <summary>Looks up processes in <c>/proc</c> on Linux and with the process API elsewhere.</summary>
internal sealed class ProcessProbe : IProcessProbe
{
    public ProcessMark? Find(int pid)
    {
        if (pid <= 0)
        {
            return null;
        }

        return OperatingSystem.IsLinux() ? FindInProc(pid) : FindByApi(pid);
    }

    /// <summary>Parses the line in <c>/proc/PID/stat</c>. Returns null for a zombie, a dead process or an invalid line.</summary>
    internal static ProcessMark? ParseStat(string stat)
    {
        // The second field is the program's name in parentheses, which may contain spaces and parentheses itself.
        int nameEnd = stat.LastIndexOf(')');
        if (nameEnd < 0)
        {
            return null;
        }

        const int StateField = 0;
        const int StartTimeField = 19;
        string[] fields = stat[(nameEnd + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length <= StartTimeField
            || fields[StateField] is "Z" or "X" or "x"
            || !long.TryParse(fields[StartTimeField], NumberStyles.None, CultureInfo.InvariantCulture, out long startTime))
        {
            return null;
        }

        return new ProcessMark(startTime);
    }

    private static ProcessMark? FindInProc(int pid)
    {
        try
        {
            return ParseStat(File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat")));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static ProcessMark? FindByApi(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return process.HasExited ? null : new ProcessMark(StartTimeOf(process));
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return null;
        }
        catch (Win32Exception)
        {
            // The process exists, but this user has no access to it.
            return default(ProcessMark);
        }
    }

    private static long StartTimeOf(Process process)
    {
        try
        {
            return process.StartTime.Ticks;
        }
        catch (Exception e) when (e is Win32Exception or NotSupportedException)
        {
            return 0;
        }
    }
}

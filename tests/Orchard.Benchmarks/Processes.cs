using System.Diagnostics;
using System.Globalization;

namespace Orchard.Benchmarks;

/// <summary>Other processes by their ids.</summary>
internal static class Processes
{
    /// <summary>Waits until it is gone.</summary>
    public static async Task WaitForExitAsync(int processId)
    {
        try
        {
            using Process process = Process.GetProcessById(processId);
            await process.WaitForExitAsync();
        }
        catch (ArgumentException)
        {
            // It has left already.
        }
    }

    public static long ResidentBytes(int processId)
    {
        using Process process = Process.GetProcessById(processId);
        return process.WorkingSet64;
    }

    /// <summary>How many files, sockets and the like it has open; 0 where that cannot be seen.</summary>
    public static int Descriptors(int processId)
    {
        string folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/fd");
        return Directory.Exists(folder) ? Directory.EnumerateFileSystemEntries(folder).Count() : 0;
    }
}

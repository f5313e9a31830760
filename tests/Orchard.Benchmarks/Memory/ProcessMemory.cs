using System.Globalization;

namespace Orchard.Benchmarks.Memory;

/// <summary>Resident memory of a process on Linux, in bytes.</summary>
/// <param name="All">All of it.</param>
/// <param name="Own">Without the pages of files.</param>
internal readonly record struct ProcessMemory(long All, long Own)
{
    public static ProcessMemory operator -(ProcessMemory left, ProcessMemory right) => new(left.All - right.All, left.Own - right.Own);

    public static ProcessMemory Of(int processId)
    {
        string[] lines = File.ReadAllLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/status"));
        return new ProcessMemory(Kilobytes("VmRSS:"), Kilobytes("RssAnon:"));

        long Kilobytes(string key)
        {
            string line = lines.First(line => line.StartsWith(key, StringComparison.Ordinal));
            return long.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        }
    }
}

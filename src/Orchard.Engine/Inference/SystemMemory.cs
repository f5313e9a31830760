using System.Globalization;

namespace Orchard.Engine.Inference;

/// <summary>The memory of the machine or the container that this process runs in. Thread-safe.</summary>
internal static class SystemMemory
{
    private const string MemoryInfo = "/proc/meminfo";
    private const string AvailableKey = "MemAvailable:";
    private const string ControlGroups = "/proc/self/cgroup";
    private const string ControlGroupRoot = "/sys/fs/cgroup";
    private const string UnifiedPrefix = "0::";

    /// <summary>Bytes that this process could use in addition, including those that the system uses as a cache of files.</summary>
    public static long AvailableBytes => OperatingSystem.IsLinux() ? AvailableOnLinux() : AvailableByRuntime();

    // As of the last garbage collection.
    private static long AvailableByRuntime()
    {
        GCMemoryInfo memory = GC.GetGCMemoryInfo(GCKind.Any);
        return Math.Max(0, memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes);
    }

    private static long AvailableOnLinux()
    {
        try
        {
            return Math.Min(OfMachine() ?? AvailableByRuntime(), OfControlGroup() ?? long.MaxValue);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return AvailableByRuntime();
        }
    }

    private static long? OfMachine()
    {
        foreach (string line in File.ReadLines(MemoryInfo))
        {
            if (line.StartsWith(AvailableKey, StringComparison.Ordinal))
            {
                string number = line[AvailableKey.Length..].Trim().Split(' ')[0];
                return long.Parse(number, CultureInfo.InvariantCulture) * 1024;
            }
        }

        return null;
    }

    // The limit of a container. Pages of files that are not in use do not count, because the system drops them when memory is needed.
    private static long? OfControlGroup()
    {
        string? own = File.ReadLines(ControlGroups).FirstOrDefault(static line => line.StartsWith(UnifiedPrefix, StringComparison.Ordinal));
        if (own is null)
        {
            return null;
        }

        string folder = ControlGroupRoot + own[UnifiedPrefix.Length..];
        if (ReadNumber(Path.Combine(folder, "memory.max")) is not { } most
            || ReadNumber(Path.Combine(folder, "memory.current")) is not { } used)
        {
            return null;
        }

        return Math.Max(0, most - used + InactiveFiles(Path.Combine(folder, "memory.stat")));
    }

    private static long? ReadNumber(string path) =>
        File.Exists(path) && long.TryParse(File.ReadAllText(path), CultureInfo.InvariantCulture, out long number) ? number : null;

    private static long InactiveFiles(string path)
    {
        const string Key = "inactive_file ";
        string? line = File.Exists(path)
            ? File.ReadLines(path).FirstOrDefault(static line => line.StartsWith(Key, StringComparison.Ordinal))
            : null;
        return long.TryParse(line?[Key.Length..], CultureInfo.InvariantCulture, out long number) ? number : 0;
    }
}

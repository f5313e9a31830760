using System.Diagnostics;

namespace Orchard.Connection.Processes;

/// <summary>
/// Asks Linux for large pages behind the engine's memory, through the C library's setting for it. The cache of keys and values is written
/// as a whole when a model is loaded: in pages of 4 kB that takes several times as long. Other systems and C libraries pay no heed.
/// </summary>
internal static class LargePages
{
    private const string Variable = "GLIBC_TUNABLES";
    private const string Setting = "glibc.malloc.hugetlb=1"; // where the kernel leaves it to programs (madvise)

    /// <summary>Asks for a process that is to be started, unless there are settings of that kind already.</summary>
    public static void Ask(ProcessStartInfo start)
    {
        if (OperatingSystem.IsLinux() && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable)))
        {
            start.Environment[Variable] = Setting;
        }
    }
}

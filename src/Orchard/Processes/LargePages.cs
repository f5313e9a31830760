using System.Diagnostics;

namespace Orchard.Processes;

/// <summary>
/// Enables transparent huge pages for the engine's memory on Linux, through the C library's setting for them. The KV cache is written as
/// a whole when a model is loaded, which takes several times as long with pages of 4 kB. Other systems and C libraries ignore the setting.
/// </summary>
internal static class LargePages
{
    private const string Variable = "GLIBC_TUNABLES";
    private const string Setting = "glibc.malloc.hugetlb=1"; // takes effect where the kernel's mode is madvise

    /// <summary>Sets the variable for a process to be started, unless it has a value already.</summary>
    public static void Enable(ProcessStartInfo start)
    {
        if (OperatingSystem.IsLinux() && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable)))
        {
            start.Environment[Variable] = Setting;
        }
    }
}

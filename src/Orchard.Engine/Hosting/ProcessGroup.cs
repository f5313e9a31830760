using System.Runtime.InteropServices;

namespace Orchard.Engine.Hosting;

/// <summary>Detaches this process from the terminal of the program that started it.</summary>
internal static partial class ProcessGroup
{
    /// <summary>
    /// Starts a new session, so that Ctrl+C and Ctrl+Z in the terminal of the starting program do not affect this process, which other
    /// programs use as well. Has no effect on a process that was started from a shell, because that is a process group leader, and on
    /// Windows, where the engine has no console.
    /// </summary>
    public static void Detach()
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = SetSession();
        }
    }

    [LibraryImport("libc", EntryPoint = "setsid")]
    private static partial int SetSession();
}

using System.Runtime.InteropServices;

namespace Orchard.Engine.Hosting;

/// <summary>The terminal of the program that started us, and how to part from it.</summary>
internal static partial class ProcessGroup
{
    /// <summary>
    /// Leaves the starter's session: Ctrl+C and Ctrl+Z in its terminal are for that program, and other programs use us as well. Does
    /// nothing for a program started by hand, which leads a process group of its own, nor on Windows, where we have no console.
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

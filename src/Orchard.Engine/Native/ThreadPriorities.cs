using System.Runtime.InteropServices;

namespace Orchard.Engine.Native;

/// <summary>Priority of threads on Linux, where <see cref="Thread.Priority"/> has no effect.</summary>
internal static partial class ThreadPriorities
{
    private const int Process = 0; // PRIO_PROCESS: on Linux a thread, and 0 is the calling one

    // A quarter of the time of a processor that an ordinary thread needs as well.
    private const int Nice = 5;

    /// <summary>
    /// Lets ordinary threads go before the calling thread where there are too few processors. Threads that it starts inherit this.
    /// Elsewhere than on Linux it sets <see cref="Thread.Priority"/>, which macOS ignores.
    /// </summary>
    public static void LowerCurrent()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = setpriority(Process, 0, Nice); // the system always allows less
        }
        else
        {
            Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
        }
    }

    [LibraryImport("libc")]
    private static partial int setpriority(int which, int id, int priority);
}

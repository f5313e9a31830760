using System.Runtime.InteropServices;

namespace Orchard.Engine.Hosting;

/// <summary>Detaches this process from the program that started it, because other programs use it as well.</summary>
internal static partial class Daemon
{
    /// <summary>
    /// Starts a new session, so that Ctrl+C and Ctrl+Z in the terminal of the starting program do not affect this process. Has no effect on
    /// a process that was started from a shell, because that is a process group leader, and on Windows, where the engine has no console.
    /// </summary>
    public static void StartSession()
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = SetSession();
        }
    }

    /// <summary>
    /// Makes a file the standard output and error, also for native code and for the runtime's report of a crash, and closes the standard
    /// input. Returns a stream that writes to the file.
    /// </summary>
    /// <exception cref="IOException">The system refused.</exception>
    public static Stream RedirectTo(FileStream log)
    {
        if (OperatingSystem.IsWindows())
        {
            WindowsStreams.RedirectTo(log);
        }
        else
        {
            UnixStreams.RedirectTo(log);
        }

        // It has no position of its own, as the stream of the file has, and so does not overwrite what native code writes.
        return Console.OpenStandardError();
    }

    [LibraryImport("libc", EntryPoint = "setsid")]
    private static partial int SetSession();
}

using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Orchard.Engine.Hosting;

/// <summary>Detaches this process from the program that started it, because other programs use it as well.</summary>
internal static partial class Daemon
{
    private const int StandardInput = 0;
    private const int StandardOutput = 1;
    private const int StandardError = 2;

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
    /// input. On Windows, only what is written to the returned stream gets into the file.
    /// </summary>
    /// <exception cref="IOException">The system refused.</exception>
    public static Stream RedirectTo(FileStream log)
    {
        if (OperatingSystem.IsWindows())
        {
            return log;
        }

        using (log)
        {
            using SafeFileHandle nothing = File.OpenHandle("/dev/null");
            if (Duplicate(nothing, StandardInput) < 0 || Duplicate(log.SafeFileHandle, StandardOutput) < 0
                || Duplicate(log.SafeFileHandle, StandardError) < 0)
            {
                throw new IOException($"The standard streams could not be redirected (error {Marshal.GetLastPInvokeError()}).");
            }
        }

        return Console.OpenStandardError();
    }

    [LibraryImport("libc", EntryPoint = "setsid")]
    private static partial int SetSession();

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int Duplicate(SafeFileHandle file, int descriptor);
}

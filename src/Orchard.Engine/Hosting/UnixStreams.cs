using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Orchard.Engine.Hosting;

/// <summary>The standard streams of this process on Unix.</summary>
[UnsupportedOSPlatform("windows")]
internal static partial class UnixStreams
{
    private const int StandardInput = 0;
    private const int StandardOutput = 1;
    private const int StandardError = 2;

    /// <summary>
    /// Makes a file the standard output and error for the runtime and for native code, and closes the standard input. The stream is
    /// closed; the standard streams keep the file open.
    /// </summary>
    /// <exception cref="IOException">The system refused.</exception>
    public static void RedirectTo(FileStream log)
    {
        using FileStream closed = log;
        using SafeFileHandle nothing = File.OpenHandle("/dev/null");
        if (Duplicate(nothing, StandardInput) < 0 || Duplicate(log.SafeFileHandle, StandardOutput) < 0
            || Duplicate(log.SafeFileHandle, StandardError) < 0)
        {
            throw new IOException($"The standard streams could not be redirected (error {Marshal.GetLastPInvokeError()}).");
        }
    }

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int Duplicate(SafeFileHandle file, int descriptor);
}

using System.Runtime.InteropServices;

namespace Orchard.Engine.Native;

/// <summary>
/// A session of the engine's own on Unix, so that Ctrl+C in the terminal of whoever started the engine does not reach it: other
/// applications still need it.
/// </summary>
internal static partial class PosixSession
{
    /// <summary>Leaves the terminal's session. Does nothing on Windows, or for a process the shell already made a group leader.</summary>
    public static void Detach()
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = SetSid();
        }
    }

    [LibraryImport("libc", EntryPoint = "setsid")]
    private static partial int SetSid();
}

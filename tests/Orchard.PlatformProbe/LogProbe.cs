using System.Runtime.InteropServices;
using System.Text;
using Orchard.Engine.Hosting;

namespace Orchard.PlatformProbe;

/// <summary>The engine's log: what the engine, native code and the runtime write all gets into the file.</summary>
internal static partial class LogProbe
{
    private const int MaxBytes = 200;
    private const int StandardError = 2;

    public static int Run(string file)
    {
        WriteNatively("before the log\n"); // the C runtime has its descriptors before the engine opens the log
        LogFile log = LogFile.Open(file, Daemon.RedirectTo, MaxBytes);
        log.Write("first line\n"u8);
        WriteNatively("native line\n");
        log.Write("second line\n"u8);
        log.Write(Encoding.UTF8.GetBytes(new string('x', MaxBytes) + "\n"));
        WriteNatively("native line of the next file\n");
        log.Write("last line\n"u8);
        Environment.FailFast("report of a crash");
        return 0;
    }

    private static void WriteNatively(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        _ = OperatingSystem.IsWindows()
            ? WriteWindows(StandardError, bytes, (uint)bytes.Length)
            : (int)WriteUnix(StandardError, bytes, (nuint)bytes.Length);
    }

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint WriteUnix(int descriptor, byte[] bytes, nuint count);

    [LibraryImport("ucrtbase", EntryPoint = "_write")]
    private static partial int WriteWindows(int descriptor, byte[] bytes, uint count);
}

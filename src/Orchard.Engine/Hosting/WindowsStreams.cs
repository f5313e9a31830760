using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Orchard.Engine.Hosting;

/// <summary>The standard streams of this process on Windows.</summary>
[SupportedOSPlatform("windows")]
internal static partial class WindowsStreams
{
    private const string CRuntime = "ucrtbase"; // which the libraries in native/ share
    private const int StandardInput = -10;
    private const int StandardOutput = -11;
    private const int StandardError = -12;
    private const int OutputDescriptor = 1;
    private const int ErrorDescriptor = 2;
    private const int Append = 0x8; // _O_APPEND
    private const uint SameAccess = 2; // DUPLICATE_SAME_ACCESS

    // The system uses these handles themselves, so they stay open.
    private static SafeFileHandle? _nothing;
    private static FileStream? _log;

    /// <summary>
    /// Makes a file the standard output and error for the runtime and for native code, and closes the standard input. The file is closed
    /// when another one is set.
    /// </summary>
    /// <exception cref="IOException">The system refused.</exception>
    public static void RedirectTo(FileStream log)
    {
        SafeFileHandle file = log.SafeFileHandle;
        _nothing ??= File.OpenHandle("NUL");
        if (!SetStandardHandle(StandardInput, _nothing) || !SetStandardHandle(StandardOutput, file)
            || !SetStandardHandle(StandardError, file))
        {
            throw Refused(Marshal.GetLastPInvokeError());
        }

        FileStream? previous = _log;
        _log = log;

        // The C runtime takes its descriptors from the handles when it is loaded, with the first library that uses it.
        if (!DuplicateHandle(CurrentProcess(), file, CurrentProcess(), out nint copy, 0, false, SameAccess))
        {
            throw Refused(Marshal.GetLastPInvokeError());
        }

        int descriptor = OpenDescriptor(copy, Append); // which owns the copy
        if (descriptor < 0 || DuplicateDescriptor(descriptor, OutputDescriptor) != 0
            || DuplicateDescriptor(descriptor, ErrorDescriptor) != 0)
        {
            throw new IOException("The streams of the C runtime could not be redirected.");
        }

        _ = CloseDescriptor(descriptor);
        previous?.Dispose();
    }

    private static IOException Refused(int error) =>
        new($"The standard streams could not be redirected: {new Win32Exception(error).Message}");

    [LibraryImport("kernel32", EntryPoint = "SetStdHandle", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetStandardHandle(int stream, SafeFileHandle file);

    [LibraryImport("kernel32", EntryPoint = "GetCurrentProcess")]
    private static partial nint CurrentProcess();

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool DuplicateHandle(
        nint sourceProcess,
        SafeFileHandle source,
        nint targetProcess,
        out nint target,
        uint access,
        [MarshalAs(UnmanagedType.Bool)] bool inherit,
        uint options);

    [LibraryImport(CRuntime, EntryPoint = "_open_osfhandle")]
    [UnmanagedCallConv(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static partial int OpenDescriptor(nint file, int flags);

    [LibraryImport(CRuntime, EntryPoint = "_dup2")]
    [UnmanagedCallConv(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static partial int DuplicateDescriptor(int source, int target);

    [LibraryImport(CRuntime, EntryPoint = "_close")]
    [UnmanagedCallConv(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static partial int CloseDescriptor(int descriptor);
}

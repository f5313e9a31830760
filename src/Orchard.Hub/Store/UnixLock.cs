using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Orchard.Hub.Store;

/// <summary>The system call behind <see cref="BlobLock"/>, which .NET does not expose.</summary>
internal static partial class UnixLock
{
    private const int Exclusive = 2;
    private const int NonBlocking = 4;
    private const int Interrupted = 4;

    /// <summary>Locks an open file for this process alone. Returns 0, or the error number if it is not possible at once.</summary>
    public static int TryLock(SafeFileHandle file)
    {
        int error;
        do
        {
            error = FLock(file, Exclusive | NonBlocking) == 0 ? 0 : Marshal.GetLastPInvokeError();
        }
        while (error == Interrupted);

        return error;
    }

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int FLock(SafeFileHandle file, int operation);
}

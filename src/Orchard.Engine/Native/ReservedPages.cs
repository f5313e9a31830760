using System.Runtime.InteropServices;

namespace Orchard.Engine.Native;

/// <summary>Address space on Linux whose pages take memory when they are written for the first time. Until then they are zero.</summary>
internal static unsafe partial class ReservedPages
{
    private const int ReadAndWrite = 1 | 2; // PROT_READ | PROT_WRITE
    private const int PrivateAnonymousUncounted = 0x2 | 0x20 | 0x4000; // MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    private const int DontNeed = 4; // MADV_DONTNEED

    /// <summary>Returns the address, or null if the system refuses.</summary>
    public static void* Reserve(nuint bytes)
    {
        nint address = mmap(0, bytes, ReadAndWrite, PrivateAnonymousUncounted, -1, 0);
        return address == -1 ? null : (void*)address;
    }

    /// <summary>Makes all pages zero and gives their memory back. Returns false if the system refuses.</summary>
    public static bool TryDiscard(void* address, nuint bytes) => madvise((nint)address, bytes, DontNeed) == 0;

    /// <summary>Gives the address space back.</summary>
    public static void Release(void* address, nuint bytes) => _ = munmap((nint)address, bytes);

    [LibraryImport("libc")]
    private static partial nint mmap(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc")]
    private static partial int munmap(nint address, nuint length);

    [LibraryImport("libc")]
    private static partial int madvise(nint address, nuint length, int advice);
}

using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Orchard.Protocol.Files;

/// <summary>System calls about files that .NET does not expose.</summary>
internal static partial class UnixFiles
{
    /// <summary>Size of the buffers that the methods fill, in bytes: that of the largest structure.</summary>
    public const int BufferSize = 256;

    private const string LibC = "libc";
    private const int CurrentDirectory = -100;
    private const int NoFollow = 0x100;
    private const int EmptyPath = 0x1000;
    private const uint BasicStats = 0x7FF;
    private const int LockExclusive = 2;
    private const int LockNonBlocking = 4;
    private const int Interrupted = 4;

    /// <summary>The effective user id of this process.</summary>
    public static uint UserId => GetEffectiveUserId();

    public static bool Statx(string path, bool followLinks, Span<byte> buffer) =>
        Statx(CurrentDirectory, path, followLinks ? 0 : NoFollow, BasicStats, ref MemoryMarshal.GetReference(buffer)) == 0;

    public static bool Statx(SafeFileHandle file, Span<byte> buffer) =>
        StatxOpen(file, "", EmptyPath, BasicStats, ref MemoryMarshal.GetReference(buffer)) == 0;

    public static bool Stat(string path, bool followLinks, Span<byte> buffer)
    {
        ref byte first = ref MemoryMarshal.GetReference(buffer);
        bool hasSuffix = RuntimeInformation.ProcessArchitecture == Architecture.X64;
        return (followLinks, hasSuffix) switch
        {
            (true, true) => StatInode64(path, ref first),
            (true, false) => Stat(path, ref first),
            (false, true) => LStatInode64(path, ref first),
            (false, false) => LStat(path, ref first),
        } == 0;
    }

    public static bool FStat(SafeFileHandle file, Span<byte> buffer)
    {
        ref byte first = ref MemoryMarshal.GetReference(buffer);
        return (RuntimeInformation.ProcessArchitecture == Architecture.X64 ? FStatInode64(file, ref first) : FStat(file, ref first)) == 0;
    }

    /// <summary>Locks an open file for this process alone. Returns 0, or the error number if it is not possible at once.</summary>
    public static int TryLock(SafeFileHandle file)
    {
        int error;
        do
        {
            error = FLock(file, LockExclusive | LockNonBlocking) == 0 ? 0 : Marshal.GetLastPInvokeError();
        }
        while (error == Interrupted);

        return error;
    }

    [LibraryImport(LibC, EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUserId();

    [LibraryImport(LibC, EntryPoint = "flock", SetLastError = true)]
    private static partial int FLock(SafeFileHandle file, int operation);

    [LibraryImport(LibC, EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, ref byte buffer);

    [LibraryImport(LibC, EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatxOpen(SafeFileHandle file, string path, int flags, uint mask, ref byte buffer);

    [LibraryImport(LibC, EntryPoint = "stat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(string path, ref byte buffer);

    [LibraryImport(LibC, EntryPoint = "stat$INODE64", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatInode64(string path, ref byte buffer);

    [LibraryImport(LibC, EntryPoint = "lstat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LStat(string path, ref byte buffer);

    [LibraryImport(LibC, EntryPoint = "lstat$INODE64", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LStatInode64(string path, ref byte buffer);

    [LibraryImport(LibC, EntryPoint = "fstat")]
    private static partial int FStat(SafeFileHandle file, ref byte buffer);

    [LibraryImport(LibC, EntryPoint = "fstat$INODE64")]
    private static partial int FStatInode64(SafeFileHandle file, ref byte buffer);
}

using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Orchard.Protocol.Files;

/// <summary>What the operating system reports about a file: its identity, owner, mode, size and time of modification.</summary>
/// <param name="Device">The file system. With <paramref name="Inode"/> it identifies an existing file.</param>
/// <param name="Inode">The file's number in its file system. May be reused after the file was deleted.</param>
/// <param name="Owner">User id.</param>
/// <param name="Mode">Type and permissions, as in <c>st_mode</c>.</param>
/// <param name="Size">Size in bytes.</param>
/// <param name="Modified">Time of the last modification, in nanoseconds of Unix time.</param>
internal readonly record struct FileStat(ulong Device, ulong Inode, uint Owner, uint Mode, long Size, long Modified)
{
    private const uint TypeMask = 0xF000;
    private const uint DirectoryType = 0x4000;
    private const uint LinkType = 0xA000;
    private const uint SocketType = 0xC000;
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Whether this system reports what <see cref="FileStat"/> contains; if not, the methods return null.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() || OperatingSystem.IsMacOS();

    public bool IsDirectory => (Mode & TypeMask) == DirectoryType;

    public bool IsLink => (Mode & TypeMask) == LinkType;

    public bool IsSocket => (Mode & TypeMask) == SocketType;

    public UnixFileMode Permissions => (UnixFileMode)(Mode & 0xFFF);

    /// <summary>The permissions in octal, such as <c>0775</c>.</summary>
    public string PermissionsText => "0" + Convert.ToString((int)Permissions, 8).PadLeft(3, '0');

    /// <summary>Whether the size and the time of the last modification are the same.</summary>
    public bool HasContentOf(FileStat other) => Size == other.Size && Modified == other.Modified;

    public bool IsSameFile(FileStat other) => Device == other.Device && Inode == other.Inode;

    /// <summary>Returns the file at a path, or the link itself; null if there is none or it cannot be examined.</summary>
    public static FileStat? OfLink(string path) => Read(path, followLinks: false);

    /// <summary>Returns the file at a path, or at the end of its links; null if there is none or it cannot be examined.</summary>
    public static FileStat? Of(string path) => Read(path, followLinks: true);

    /// <summary>Returns an open file; null if it cannot be examined.</summary>
    public static FileStat? Of(SafeFileHandle file)
    {
        Span<byte> buffer = stackalloc byte[UnixFiles.BufferSize];
        return OperatingSystem.IsLinux() && UnixFiles.Statx(file, buffer) ? FromStatx(buffer)
            : OperatingSystem.IsMacOS() && UnixFiles.FStat(file, buffer) ? FromAppleStat(buffer)
            : null;
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"inode {Inode}, {Size} bytes, modified {TimeText}");

    private string TimeText =>
        DateTimeOffset.UnixEpoch.AddTicks(Modified / 100).ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static FileStat? Read(string path, bool followLinks)
    {
        Span<byte> buffer = stackalloc byte[UnixFiles.BufferSize];
        return OperatingSystem.IsLinux() && UnixFiles.Statx(path, followLinks, buffer) ? FromStatx(buffer)
            : OperatingSystem.IsMacOS() && UnixFiles.Stat(path, followLinks, buffer) ? FromAppleStat(buffer)
            : null;
    }

    // struct statx, which is the same for all architectures.
    private static FileStat FromStatx(ReadOnlySpan<byte> statx) => new(
        ((ulong)UInt32(statx, 136) << 32) | UInt32(statx, 140),
        UInt64(statx, 32),
        UInt32(statx, 20),
        BinaryPrimitives.ReadUInt16LittleEndian(statx[28..]),
        (long)UInt64(statx, 40),
        ((long)UInt64(statx, 112) * NanosecondsPerSecond) + UInt32(statx, 120));

    // struct stat of macOS with 64-bit inodes.
    private static FileStat FromAppleStat(ReadOnlySpan<byte> stat) => new(
        UInt32(stat, 0),
        UInt64(stat, 8),
        UInt32(stat, 16),
        BinaryPrimitives.ReadUInt16LittleEndian(stat[4..]),
        (long)UInt64(stat, 96),
        ((long)UInt64(stat, 48) * NanosecondsPerSecond) + (long)UInt64(stat, 56));

    private static uint UInt32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

    private static ulong UInt64(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[offset..]);
}

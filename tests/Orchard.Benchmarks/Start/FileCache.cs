using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Orchard.Benchmarks.Start;

/// <summary>The system's copies of files in memory.</summary>
internal static partial class FileCache
{
    private const int DontNeed = 4;

    /// <summary>Whether files can be dropped from it here.</summary>
    public static bool CanDrop => OperatingSystem.IsLinux();

    /// <summary>Drops every file below the folder, as far as nobody uses it, so that the next reader goes to the disk.</summary>
    public static void Drop(string folder)
    {
        foreach (string path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            using SafeFileHandle file = File.OpenHandle(path);
            _ = Advise(file, 0, 0, DontNeed);
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(SafeFileHandle file, nint offset, nint length, int advice);
}

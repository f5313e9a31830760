using System.Runtime.InteropServices;

namespace Orchard.Engine.Native;

/// <summary>Memory that was freed and that the runtime and the C library keep for later allocations.</summary>
internal static partial class FreedMemory
{
    /// <summary>
    /// Gives it back to the system. Takes some milliseconds, during which managed threads are suspended: for rare occasions, such as the
    /// end of a model.
    /// </summary>
    public static void Return()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            _ = TrimHeap(0);
        }
        catch (EntryPointNotFoundException)
        {
            // The C library is not glibc. It keeps little.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimHeap(nuint kept);
}

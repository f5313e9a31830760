using System.Runtime.InteropServices;

namespace Orchard.Engine.Native;

/// <summary>Memory that was freed and that the runtime and the C library keep for later allocations.</summary>
internal static partial class FreedMemory
{
    private const int TrimThreshold = -1; // M_TRIM_THRESHOLD
    private const int MapThreshold = -3; // M_MMAP_THRESHOLD
    private const int MaxHeaps = -8; // M_ARENA_MAX
    private const int Threshold = 256 << 10;
    private const int Heaps = 2;

    /// <summary>
    /// Lets the C library keep less. By default it has a heap for each thread, up to eight per processor, and once something large has been
    /// freed, it keeps up to 64 MB at the end of each of them. To be called before there are other threads.
    /// </summary>
    public static void KeepLittle() => WithGlibc(static () =>
    {
        _ = SetOption(MaxHeaps, Heaps);
        _ = SetOption(MapThreshold, Threshold);
        _ = SetOption(TrimThreshold, Threshold);
    });

    /// <summary>
    /// Gives it back to the system. Takes some milliseconds, during which managed threads are suspended: for rare occasions, such as the
    /// end of a model.
    /// </summary>
    public static void Return()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        WithGlibc(static () => _ = TrimHeap(0));
    }

    private static void WithGlibc(Action call)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            call();
        }
        catch (EntryPointNotFoundException)
        {
            // The C library is another one. It keeps little.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimHeap(nuint kept);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);
}

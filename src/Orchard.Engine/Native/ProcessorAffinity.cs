using System.Numerics;
using System.Runtime.InteropServices;

namespace Orchard.Engine.Native;

/// <summary>Which processors threads may run on. Only Linux is asked; elsewhere none are known, and nothing is bound.</summary>
internal static unsafe partial class ProcessorAffinity
{
    private const int MaskWords = 16; // glibc's cpu_set_t
    private const int WordBits = 64;

    // Of this process, in ascending order; empty where they are not known.
    private static readonly int[] Allowed = OperatingSystem.IsLinux() ? ReadAllowed() : [];

    /// <summary>
    /// A processor for each of so many threads that compute together when that takes all there are, in the order of the library's pools: the
    /// caller's is the last. Else none, since the system chooses better among several.
    /// </summary>
    public static IReadOnlyList<int> For(int threads) =>
        threads > 1 && threads == Allowed.Length && Allowed[^1] < LlamaThreadPoolParams.MaxProcessors ? Allowed : [];

    /// <summary>Has the calling thread, and threads that it starts, run on one processor. A wish: the system may refuse it.</summary>
    public static void Bind(int processor) => Bind([processor]);

    /// <summary>Has the calling thread run on any processor that is allowed.</summary>
    public static void Unbind() => Bind(Allowed);

    private static void Bind(ReadOnlySpan<int> processors)
    {
        ulong* mask = stackalloc ulong[MaskWords];
        new Span<ulong>(mask, MaskWords).Clear();
        foreach (int processor in processors)
        {
            mask[processor / WordBits] |= 1UL << (processor % WordBits);
        }

        _ = SetAffinity(0, MaskWords * sizeof(ulong), mask);
    }

    private static int[] ReadAllowed()
    {
        ulong* mask = stackalloc ulong[MaskWords];
        new Span<ulong>(mask, MaskWords).Clear();
        if (GetAffinity(Environment.ProcessId, MaskWords * sizeof(ulong), mask) < 0)
        {
            return [];
        }

        var processors = new List<int>();
        for (int word = 0; word < MaskWords; word++)
        {
            for (ulong left = mask[word]; left != 0; left &= left - 1)
            {
                processors.Add((word * WordBits) + BitOperations.TrailingZeroCount(left));
            }
        }

        return [.. processors];
    }

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    private static partial int GetAffinity(int thread, nuint bytes, ulong* mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int thread, nuint bytes, ulong* mask);
}

using System.Numerics;
using System.Runtime.InteropServices;

namespace Orchard.Engine.Native;

/// <summary>Processor affinity of threads. Supported on Linux only; on other systems, nothing is bound.</summary>
internal static unsafe partial class ProcessorAffinity
{
    private const int MaskWords = 16; // glibc's cpu_set_t
    private const int WordBits = 64;

    // The processors that this process may use, in ascending order; empty if unknown.
    private static readonly int[] Allowed = OperatingSystem.IsLinux() ? ReadAllowed() : [];

    /// <summary>
    /// Returns a processor for each of <paramref name="threads"/> compute threads if they need all available processors; the last one is
    /// for the calling thread. Returns an empty list for fewer threads, because the system schedules those better.
    /// </summary>
    public static IReadOnlyList<int> For(int threads) =>
        threads > 1 && threads == Allowed.Length && Allowed[^1] < LlamaThreadPoolParams.MaxProcessors ? Allowed : [];

    /// <summary>Binds the calling thread, and threads that it starts, to a processor. The system may reject this.</summary>
    public static void Bind(int processor) => Bind([processor]);

    /// <summary>Lets the calling thread run on all allowed processors.</summary>
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

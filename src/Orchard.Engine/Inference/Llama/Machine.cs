using Orchard.Engine.Native;

namespace Orchard.Engine.Inference.Llama;

/// <summary>What of a machine decides how a model is computed on it.</summary>
/// <param name="MemoryBytes">All memory that the process may use.</param>
/// <param name="ProcessorCount">Number of processors.</param>
/// <param name="HasGpu">Whether the library computes on a GPU.</param>
/// <param name="ReservesCache">Whether memory of a KV cache is taken only when it is used; see <see cref="ReservedMemory"/>.</param>
internal readonly record struct Machine(long MemoryBytes, int ProcessorCount, bool HasGpu = false, bool ReservesCache = false)
{
    /// <summary>The machine that this process runs on.</summary>
    /// <param name="usesGpu">Whether a model has layers on a GPU; null if that is not known yet.</param>
    public static Machine Current(bool? usesGpu = null)
    {
        bool hasGpu = usesGpu ?? LlamaLibrary.Load().HasGpu;
        return new Machine(
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, Environment.ProcessorCount, hasGpu, !hasGpu && ReservedMemory.IsSupported);
    }
}

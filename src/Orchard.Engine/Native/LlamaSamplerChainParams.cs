using System.Runtime.InteropServices;

namespace Orchard.Engine.Native;

/// <summary><c>llama_sampler_chain_params</c>, 1 byte.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LlamaSamplerChainParams
{
    public byte NoPerformanceCounters;
}

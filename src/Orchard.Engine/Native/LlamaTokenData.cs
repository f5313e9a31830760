using System.Runtime.InteropServices;

namespace Orchard.Engine.Native;

/// <summary><c>llama_token_data</c>, 12 bytes: one candidate of a sampler.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LlamaTokenData
{
    public int Token;
    public float Logit;
    public float Probability;
}

/// <summary><c>llama_token_data_array</c>, 32 bytes: the candidates a sampler chain narrows down to one.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LlamaTokenDataArray
{
    public nint Data;
    public nuint Size;

    /// <summary>Index of the chosen candidate, not its token; -1 before one is chosen.</summary>
    public long Selected;

    public byte Sorted;
}

/// <summary><c>llama_sampler_chain_params</c>, 1 byte.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LlamaSamplerChainParams
{
    public byte NoPerformanceCounters;
}

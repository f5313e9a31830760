using System.Runtime.InteropServices;

namespace Orchard.Engine.Native;

/// <summary><c>llama_token_data_array</c>, 32 bytes: the candidates that a sampler chain filters and selects from.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LlamaTokenDataArray
{
    public nint Data;
    public nuint Size;

    /// <summary>Index of the selected candidate (not its token); -1 if none is selected.</summary>
    public long Selected;

    public byte Sorted;
}
